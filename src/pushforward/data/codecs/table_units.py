"""The points of a table as numbers, by operations of tensors alone: what a file holds that runs without Python."""

from typing import TYPE_CHECKING

import torch
from pandas.api.types import pandas_dtype
from torch import Tensor

from pushforward.data.codecs.dtypes import in_dtype

if TYPE_CHECKING:
    from pushforward.data.codecs.table import TableCodec


def table_units(codec: "TableCodec", x: Tensor) -> Tensor:
    """Return (n, columns) in float64, all columns of the table in order but that of the labels and row numbers.

    Numbers are in the units, the type and with the decimals of their column, levels are places among its levels.

    Args:
        codec: of the table.
        x: encoded points.
    """
    sizes = [block.size for block in codec.blocks.values()]
    blocks = dict(zip(codec.blocks, x.split(sizes, 1), strict=True))
    numbers = [blocks[codec.numbers[i]] for i in codec.standard.moving]
    values = codec.standard.units(torch.cat([x[:, :0], *numbers], 1))
    kinds = dict(zip(codec.names, codec.dtypes, strict=True))
    columns = {name: in_column(values[:, i], kinds[name], codec.decimals[i]) for i, name in enumerate(codec.numbers)}
    columns |= {c.column: blocks.get(c.column, x[:, :1]).argmax(1) for c in codec.levels}
    return torch.stack([columns[name].double() for name in codec.names if name in columns], 1)


def in_column(values: Tensor, dtype: str, places: int | None) -> Tensor:
    """Return floats as numbers that a column may hold: rounded to its decimals, and to its type.

    Args:
        values: in the column's units.
        dtype: pandas' name of its type.
        places: decimals; None for more than are rounded to.
    """
    kind = pandas_dtype(dtype)
    plain = getattr(kind, "numpy_dtype", kind)
    rounded = values if places is None else (values * 10**places).round() / 10**places
    return rounded if plain.kind == "O" else in_dtype(rounded, str(plain))
