"""A type of column of your own: money as a text."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pushforward.data import ColumnType
from pushforward.errors import Refused


@dataclass(frozen=True)
class Euros(ColumnType):
    """Money such as "€ 1,200.50", with commas between thousands; what is owed stands as "-€ 3.00".

    Args:
        sign: of the currency.
    Example:
        >>> Euros().number("€ 1,200.50"), Euros().cell(-3.0)
        (1200.5, '-€ 3.00')
    """

    sign: str = "€"

    def __post_init__(self) -> None:
        if not self.sign:
            raise Refused("sign of Euros must be a text such as €, got none.")

    @property
    def examples(self) -> tuple[str, ...]:
        return f"{self.sign} 1,200.50", f"{self.sign} 0.99", f"-{self.sign} 3.00"

    def number(self, cell: str) -> float:
        found = re.fullmatch(rf"(-?){re.escape(self.sign)} (\d{{1,3}}(,\d{{3}})*\.\d\d)", cell)
        if found is None:
            raise ValueError("it is no such amount")
        return float(found[1] + found[2].replace(",", ""))

    def cell(self, number: float) -> str:
        return f"{'-' if number < 0 else ''}{self.sign} {abs(number):,.2f}"


def orders() -> pd.DataFrame:
    """400 orders: what was bought, and its price as a shop writes it."""
    draw = np.random.default_rng(0)
    price = draw.lognormal(5.0, 1.0, size=400)
    return pd.DataFrame({"thing": draw.choice(["chair", "lamp"], 400), "price": [Euros().cell(p) for p in price]})
