"""The draws of the rest of a row, given some of its columns, by samplers that draw one coordinate after another."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from pushforward.data import Codec
from pushforward.data.codecs.after import refuse_without_start
from pushforward.data.codecs.columns import numeric
from pushforward.data.codecs.rows import RowsCodec
from pushforward.data.codecs.table import TableCodec
from pushforward.data.load import existing_path
from pushforward.data.objects import raw_data_of
from pushforward.data.raw.source import Source
from pushforward.data.readers.arrays import read_arrays
from pushforward.data.readers.csv_forms import TextForm, table_ending
from pushforward.data.readers.sequences import RawData
from pushforward.data.readers.tables import Table, read_table
from pushforward.errors import Refused, nearest
from pushforward.samplers import Continuing, Sampler, dequantised
from pushforward.spaces import Batch, Image
from pushforward.training import rng_preserved

BLOCK = 1000
"""Points that are drawn at a time."""


def given_rows(given: Any, codec: Codec, sampler: Sampler, whose: str) -> tuple[Batch, int]:
    """Return points with the given columns, the others being anything, and the number of groups that these make up.

    Args:
        given: some columns of a table, or the first coordinates of rows, in any form; or the path of such.
        codec: of the data.
        sampler: that is to draw the rest.
        whose: the run, for sentences.

    Raises:
        Refused: for a sampler that draws all at once, and columns that are not those it draws first.
    """
    if not isinstance(sampler, Continuing) or isinstance(codec.space, Image):
        raise Refused(f"--given asks for draws of the other columns, which {whose} cannot make; fit table-cdf to a "
                      "table, or triangular to rows, with --first for the columns that will be given.")  # fmt: skip
    frame = given_frame(given, codec)
    if isinstance(codec, TableCodec):
        refuse_without_start(codec.after, frame.notna())
    batch = _completed(frame, codec)
    named, names = {str(name) for name in frame}, _coordinates(codec)
    mask = np.array([name in named for name in names])
    order = list(dict.fromkeys(name for _, name in sorted(zip(sampler.groups, names, strict=True))))
    known = len([name for name in order if name in named])
    if known == len(order) or not known:
        raise Refused(f"--given must hold some of the columns {', '.join(order)}, not all of them, got "
                      f"{'all' if known else 'none that varies'}.")  # fmt: skip
    if not np.array_equal(mask, np.array(sampler.groups) < known):
        asked = ",".join(name for name in names if name in named)
        raise Refused(f"--given must hold the columns that {whose} draws first, in the order {', '.join(order)}, got "
                      f"{asked}; fit triangular with --first {asked}.")  # fmt: skip
    return batch, known


def draw_given(sampler: Sampler, x: Batch, known: int, n: int, seed: int, label: Tensor | None = None) -> Batch:
    """Return n draws whose first groups are those of the points, which are taken in turn.

    Args:
        sampler: in evaluation mode.
        x: points, as `given_rows` returns them.
        known: number of groups that are given.
        n: number of draws.
        seed: of the noise.
        label: the class of each draw, for a sampler that takes one and points that have none.
    """
    assert isinstance(sampler, Continuing)
    rows = torch.arange(n) % len(x.x)
    points, label = x.x[rows].to(sampler.device), label if x.label is None else x.label[rows]
    label = label.to(sampler.device) if label is not None and sampler.classes else None
    first = torch.tensor(sampler.groups, device=sampler.device).view(points.shape[1:]) < known
    drawn = []
    with rng_preserved(), torch.no_grad():
        torch.manual_seed(seed)
        for i in range(0, n, BLOCK):
            one = points[i : i + BLOCK]
            filled = one if sampler.grain is None else dequantised(one, sampler.grain)
            of_class = None if label is None else label[i : i + BLOCK]
            y = sampler.continued(filled, sampler.draw_noise(len(one)), known, of_class)
            drawn.append(torch.where(first, one, y))
    return Batch(torch.cat(drawn), label)


def given_frame(given: Any, codec: Codec) -> pd.DataFrame:
    """Return the given columns by name; those of an array without names are the first coordinates."""
    if isinstance(given, str | Path):
        path = existing_path(given)
        form = codec.form if isinstance(codec, TableCodec) else TextForm()
        raw: RawData = read_table(path, form) if table_ending(path) else read_arrays(path)
    else:
        raw = raw_data_of(given, "--given")
    if isinstance(raw, Table):
        return raw.frame
    if not isinstance(raw, Source) or isinstance(codec, TableCodec):
        raise Refused("--given must be a table that names its columns, as the data do, got values without names.")
    x = raw.x[:, None] if raw.x.ndim == 1 else raw.x
    return pd.DataFrame(x.reshape(len(x), -1), columns=[f"x{i}" for i in range(x[0].size)])


def _completed(frame: pd.DataFrame, codec: Codec) -> Batch:
    """Return encoded points with these columns, and with what is the data's middle in the others."""
    whole = codec.decode(Batch(torch.zeros(len(frame), codec.space.dim)))
    table = isinstance(codec, TableCodec)
    if not table:
        whole = np.asarray(whole, dtype=np.float64).reshape(len(frame), -1)
        whole = pd.DataFrame(whole, columns=[f"x{i}" for i in range(whole.shape[1])])
    names = {str(name): name for name in (codec.names if isinstance(codec, TableCodec) else whole)}
    for name in frame:
        if str(name) not in names:
            raise Refused(f"--given has a column '{name}', which the data have not; {nearest(str(name), list(names))}")
        whole[names[str(name)]] = frame[name].to_numpy()
    return codec.encode(whole if table else numeric(whole, "--given"))


def _coordinates(codec: Codec) -> list[str]:
    """Return the name of the column of each coordinate."""
    if isinstance(codec, TableCodec):
        return [str(name) for name, block in codec.blocks for _ in range(block.size)]
    return [f"x{i}" for i in codec.standard.moving] if isinstance(codec, RowsCodec) else []
