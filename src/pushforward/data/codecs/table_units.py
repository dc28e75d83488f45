"""The points of a table as numbers, by operations of tensors alone: what a file holds that runs without Python."""

from typing import TYPE_CHECKING

import torch
from pandas.api.types import pandas_dtype
from torch import Tensor

from pushforward.data.codecs.after import times_of
from pushforward.data.codecs.columns import PYTHON
from pushforward.data.codecs.dtypes import in_dtype
from pushforward.spaces import Real

if TYPE_CHECKING:
    from pushforward.data.codecs.table import TableCodec


def table_units(codec: "TableCodec", x: Tensor) -> Tensor:
    """Return (n, columns) in float64, all columns of the table in order but that of the labels and row numbers.

    Numbers are in the units, the type and with the decimals of their column, levels are places among its levels; a
    missing number is NaN, a missing cell of levels the last place.

    Args:
        codec: of the table.
        x: encoded points.
    """
    parts = list(zip(codec.blocks, x.split([block.size for _, block in codec.blocks], 1), strict=True))
    indicators = {name: part for (name, block), part in parts if not isinstance(block, Real)}
    numbers = [part for (_, block), part in parts if isinstance(block, Real)]
    values = codec.standard.units(torch.cat([x[:, :0], *numbers], 1))
    kinds = dict(zip(codec.names, codec.dtypes, strict=True))
    columns = {name: in_column(values[:, i], kinds[name], codec.decimals[i]) for i, name in enumerate(codec.numbers)}
    for gap in codec.gaps:
        absent = x[:, 0] == x[:, 0] if gap.always else indicators[gap.column].argmax(1) > 0
        columns[gap.column] = columns[gap.column].double().masked_fill(absent, torch.nan)
    columns |= times_of(codec.after, columns)
    columns |= {c.column: indicators.get(c.column, x[:, :1]).argmax(1) for c in codec.levels}
    return torch.stack([columns[name].double() for name in codec.names if name in columns], 1)


def in_column(values: Tensor, dtype: str, places: int | None) -> Tensor:
    """Return floats as numbers that a column may hold: rounded to its decimals, and to its type.

    Args:
        values: in the column's units.
        dtype: pandas' name of its type.
        places: decimals; None for more than are rounded to.
    """
    rounded = values if places is None else (values * 10**places).round() / 10**places
    if dtype in PYTHON:
        return rounded
    kind = pandas_dtype(dtype)
    plain = getattr(kind, "numpy_dtype", kind)
    return rounded if plain.kind == "O" else in_dtype(rounded, str(plain))
