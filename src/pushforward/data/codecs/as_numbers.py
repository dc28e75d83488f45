"""A column of a table whose cells stand for numbers: what the codec of tables asks of dates and of types elsewhere."""

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
import pandas as pd


class AsNumbers(ABC):
    """A column that is modelled as numbers and comes back in the form it had; members are frozen dataclasses."""

    column: str | int

    @property
    @abstractmethod
    def holds(self) -> str:
        """The name of what its cells are, in the plural."""

    @property
    @abstractmethod
    def written(self) -> str:
        """A cell as it may be written in a condition."""

    @property
    @abstractmethod
    def scale(self) -> str:
        """The name of what its numbers measure: columns of one scale have an order."""

    @abstractmethod
    def numbers(self, column: pd.Series) -> pd.Series:
        """Return cells as numbers, NaN where one is missing.

        Raises:
            Refused: for a cell that it cannot read.
        """

    @abstractmethod
    def decode(self, values: np.ndarray) -> pd.Series:
        """Return numbers as the cells that they stand for, of the type that the column had; missing ones stay so."""

    @abstractmethod
    def number(self, value: Any) -> float:
        """Return the number of one cell.

        Raises:
            ValueError: (or TypeError) for what is none.
        """

    def comparable(self, numbers: Any) -> Any:
        """Return numbers in the unit in which columns of one scale are compared: as they are, unless stated."""
        return numbers
