"""The type of a column that a user writes: a number for each cell that it can read, and a cell for each number."""

from abc import ABC, abstractmethod
from typing import Any

import pandas as pd


class ColumnType(ABC):
    """A type of column whose cells stand for numbers, such as money written as a text.

    Members are frozen dataclasses of plain options, at the top of a module, since a run folder names them by their
    dotted path. Missing cells, the type that pandas gives the column, decimals, rules and conditions are the table's
    work: a member sees one cell, or one number, at a time.
    """

    @property
    @abstractmethod
    def examples(self) -> tuple[Any, ...]:
        """The cells that show how it is written, three different ones or more; sentences quote the first."""

    @abstractmethod
    def number(self, cell: Any) -> float:
        """Return the number that a cell stands for, the same for cells that are the same.

        Raises:
            ValueError: (or TypeError and the like) for a cell that it cannot read.
        """

    @abstractmethod
    def cell(self, number: float) -> Any:
        """Return the cell that is nearest to a number, as the data write it.

        Args:
            number: of a cell of the data, or between two of them.
        """

    def fitted(self, cells: pd.Series) -> "ColumnType":
        """Return the type with the options that it takes from a column; itself, unless stated.

        Args:
            cells: those that are there.
        """
        return self
