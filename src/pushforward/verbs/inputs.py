"""Whatever people hold samples in, as batches of the data's space."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from pushforward.data import Codec, Data, TableCodec, load_like
from pushforward.data import load as load_data
from pushforward.data.arrays import POINTS, numpy_of, points_of
from pushforward.data.points import Held, Points, Raw
from pushforward.data.source import Source
from pushforward.metrics.rows import chosen, generator
from pushforward.runs import RunFolder
from pushforward.spaces import Batch
from pushforward.verbs.run import load
from pushforward.verbs.spool import spooled

TEST_ROWS = 10_000
"""Rows of data and of samples that are judged, at most."""

AT_ONCE = 2**16
"""Samples that a callable is asked for in one call, at most."""


def is_run(path: Any) -> bool:
    """Whether it is a run folder."""
    return isinstance(path, str | Path) and RunFolder(Path(path)).call.is_file()


def known_data(real: Any) -> Data:
    """The data of a path, a name, an array, an iterator of batches, or a run folder."""
    if isinstance(real, Data):
        return real
    return load(real).data if is_run(real) else load_data(joined(real))


def whole(data: Data, rows: int) -> Batch:
    """All parts of the data, up to that number of rows; those of the training part last."""
    parts = [p.all(rows) for p in (data.test, data.validation, data.train)]
    labels = [p.label for p in parts if p.label is not None]
    return Batch(torch.cat([p.x for p in parts])[:rows], torch.cat(labels)[:rows] if len(labels) == 3 else None)


def points(data: Data | Codec, fake: Any, n: int, seed: int) -> Points:
    """All samples, in blocks, encoded as the data are.

    Batches that come only once, and samples of a callable beyond AT_ONCE, are kept in a temporary file.

    Args:
        data: what they are like.
        fake: a run folder, a path, an object in the form of the data, an iterable of such batches, or a callable
            `sample(n, seed)`; the seeds of several calls follow one another.
        n: how many are drawn, where they have to be.
        seed: for what has to be drawn.

    Raises:
        Refused: if they cannot be read, or are not of the data's form.
    """
    codec = data.codec if isinstance(data, Data) else data
    if is_run(fake):
        return Held(load(fake).draw(n, seed).x)
    if isinstance(fake, Batch):
        return Held(fake.x)
    given = joined(_drawn(fake, n, seed) if callable(fake) else fake)
    source = None
    if isinstance(given, str | Path):
        source = codec.rows(Path(given).expanduser())
    elif isinstance(given, np.ndarray | Tensor | tuple) and not isinstance(codec, TableCodec):
        source = Source("samples", points_of(given)[0])
    return Held(load_like(codec, given).x) if source is None else Raw(source, codec)


def samples(data: Data | Codec, fake: Any, rows: int, seed: int) -> Batch:
    """At most that many samples: all of them, or so many drawn at random.

    Args:
        data: what they are like.
        fake: as in `points`.
        rows: most that are used.
        seed: of the draw, and for what has to be drawn.
    """
    return Batch(subsample(points(data, fake, rows, seed), rows, seed))


def subsample(given: Points, rows: int, seed: int) -> Tensor:
    """At most that many points, drawn without replacement, in their order."""
    return given.taken(chosen(len(given), rows, generator(seed)))


def name_of(given: Any, otherwise: str) -> str:
    """What to call it."""
    if isinstance(given, str | Path):
        return str(given)
    return given.name if isinstance(given, Data) else otherwise


def joined(given: Any) -> Any:
    """One array of an iterable of batches, of which (points, labels) and {"images": points} are unwrapped."""
    whole = str | Path | np.ndarray | Tensor | tuple | list | Mapping | pd.DataFrame | Data
    if isinstance(given, whole) or not isinstance(given, Iterable):
        return given
    return spooled((numpy_of(_unwrapped(batch)) for batch in given), "samples")


def _unwrapped(batch: Any) -> Any:
    if isinstance(batch, Mapping):
        return next((batch[name] for name in POINTS if name in batch), batch)
    return batch[0] if isinstance(batch, tuple | list) and len(batch) else batch


def _drawn(sample: Callable[[int, int], Any], n: int, seed: int) -> Any:
    """What one call gives, or the batches of several."""
    if n <= AT_ONCE:
        return sample(n, seed)
    return (sample(min(AT_ONCE, n - start), seed + i) for i, start in enumerate(range(0, n, AT_ONCE)))
