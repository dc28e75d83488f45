"""The columns that data and samples of a table share, so that samples of any program can be judged as they are."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from pushforward.data import Data, TableCodec
from pushforward.data.codecs.gaps import Gap
from pushforward.data.codecs.standardising import Standard
from pushforward.data.load import existing_source
from pushforward.data.objects import raw_data_of
from pushforward.data.parts.changed import ChangedPart
from pushforward.data.readers.csv_forms import table_ending
from pushforward.data.readers.tables import Table, read_table
from pushforward.errors import Refused
from pushforward.notes import left_out
from pushforward.spaces import Batch
from pushforward.verbs.inputs import name_of
from pushforward.verbs.path_kind import is_run


def harmonised(data: Data, given: Sequence[Any], notes: list[str]) -> tuple[Data, list[Any]]:
    """Return data and samples, as tables with the same columns; what is no table of its own stays as it is.

    A column that only one side has is left out, which is said; where numbers of the samples are missing and none of
    the data's is, the data have an indicator for that.

    Args:
        data: that samples are compared with, as they came.
        given: sets of samples, in the forms that `score` takes.
        notes: takes the sentences.

    Raises:
        Refused: if the samples have none of the columns of the data, or one cannot be read.
    """
    codec = data.codec
    if not isinstance(codec, TableCodec) or not codec.native:
        return data, list(given)
    frames = [frame_of(codec, each, notes) for each in given]
    known = [frame for frame in frames if frame is not None]
    lacking = [name for name in codec.modelled if any(name not in frame for frame in known)]
    if lacking and len(lacking) == len(codec.modelled):
        raise Refused(f"samples must have columns of the data ({_listed(codec.modelled)}), and have none of them.")
    if lacking:
        notes.append(left_out(f"columns that the samples do not have are left out of the data: {_listed(lacking)}."))
        data = _without(data, lacking)
    for frame in known:
        if extra := [name for name in frame if name not in codec.names]:
            notes.append(left_out(f"columns that the data do not have are left out of the samples: {_listed(extra)}."))
    assert isinstance(data.codec, TableCodec)  # as it was
    names = data.codec.names
    kept = [None if frame is None else frame[[name for name in frame if name in names]] for frame in frames]
    data = _with_gaps(data, [frame for frame in kept if frame is not None])
    for one, frame in zip(given, kept, strict=True):
        if frame is not None:
            frame.attrs["name"] = name_of(one, "samples")  # for sentences on what is in it
    return data, [one if frame is None else frame for one, frame in zip(given, kept, strict=True)]


def frame_of(codec: TableCodec, given: Any, notes: list[str]) -> pd.DataFrame | None:
    """Return samples as a frame with the names of the data; None of what is no table: a run, a function, an array.

    Args:
        codec: of the data.
        given: the samples.
        notes: takes the sentences about what was chosen while reading.
    """
    if given is None or is_run(given) or isinstance(given, Batch | Data) or callable(given):
        return None
    if isinstance(given, str | Path):
        path = existing_source(codec, given)
        return codec.taken(read_table(path, codec.form), notes) if table_ending(path) else None
    if not hasattr(given, "columns"):
        return None
    raw = raw_data_of(given, "samples", codec.axes)
    return codec.taken(raw, notes) if isinstance(raw, Table) else None


def _without(data: Data, gone: Collection[str | int]) -> Data:
    """Return the data without some of their columns."""
    codec = data.codec
    assert isinstance(codec, TableCodec)  # of tables alone
    kept = [i for i, name in enumerate(codec.names) if name not in gone]
    numbers = [i for i, name in enumerate(codec.numbers) if name not in gone]
    standard = codec.standard
    left = replace(
        codec,
        names=tuple(codec.names[i] for i in kept),
        dtypes=tuple(codec.dtypes[i] for i in kept),
        standard=Standard(tuple(standard.mean[i] for i in numbers), tuple(standard.std[i] for i in numbers)),
        decimals=tuple(codec.decimals[i] for i in numbers),
        levels=tuple(c for c in codec.levels if c.column not in gone),
        gaps=tuple(g for g in codec.gaps if g.column not in gone),
        dates=tuple(d for d in codec.dates if d.column not in gone),
        typed=tuple(c for c in codec.typed if c.column not in gone),
    )
    places = np.repeat([name not in gone for name, _ in codec.blocks], [block.size for _, block in codec.blocks])
    index = torch.from_numpy(np.flatnonzero(places))
    return _mapped(data, left, lambda x: x[:, index])


def _with_gaps(data: Data, frames: Sequence[pd.DataFrame]) -> Data:
    """Return the data with an indicator of missing cells for each column of numbers of which a frame has any."""
    codec = data.codec
    assert isinstance(codec, TableCodec)  # of tables alone
    known = {gap.column for gap in codec.gaps}
    missing = [n for n in codec.numbers if n not in known and any(n in f and f[n].isna().any() for f in frames)]
    if not missing:
        return data
    starts = np.cumsum([0, *(block.size for _, block in codec.blocks)])
    at = [int(starts[i]) for i, (name, _) in enumerate(codec.blocks) if name in missing]
    values = torch.cat([block[:, at] for block in data.train.blocks()])
    middle = {name: float(column.median()) for name, column in zip(missing, values.T, strict=True)}
    wider = replace(codec, gaps=(*codec.gaps, *(Gap(name, middle[name]) for name in missing)))

    def widened(x: Tensor) -> Tensor:
        there = torch.tensor([1.0, 0.0], dtype=x.dtype).expand(len(x), 2)
        pieces = x.tensor_split(at, dim=1)
        return torch.cat([pieces[0], *(part for piece in pieces[1:] for part in (there, piece))], 1)

    return _mapped(data, wider, widened)


def _mapped(data: Data, codec: TableCodec, f: Callable[[Tensor], Tensor]) -> Data:
    """Return the data under another codec, with the points of every part as f makes them."""
    part = lambda p: ChangedPart(p, f)
    return replace(
        data,
        codec=codec,
        space=codec.space,
        train=part(data.train),
        validation=part(data.validation),
        test=part(data.test),
    )


def _listed(names: Collection[str | int]) -> str:
    return ", ".join(map(str, names))
