"""Whatever people hold samples in, as batches of the data's space."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from pushforward.data import Codec, Data, TableCodec, load_like
from pushforward.data import load as load_data
from pushforward.data.arrays import POINTS, numpy_of, points_of
from pushforward.data.checks import FEWEST_JUDGED as FEWEST
from pushforward.data.load import existing
from pushforward.data.points import Held, Points, Raw
from pushforward.data.source import Source
from pushforward.errors import Refused
from pushforward.metrics.rows import chosen, generator
from pushforward.runs import RunFolder
from pushforward.spaces import Batch, Image
from pushforward.verbs.call import recorded
from pushforward.verbs.run import Run, load
from pushforward.verbs.spool import spooled
from pushforward.verbs.which import is_run

TEST_ROWS = 10_000
"""Rows of data and of samples that are judged, at most."""

AT_ONCE = 2**16
"""Samples that a callable is asked for in one call, at most."""


@dataclass(frozen=True)
class Reading:
    """How images are read; see `load`.

    Args:
        size: side in pixels; None keeps the size that they have, which must be one for all.
        crop: cut the centre square out instead of squeezing.
        gray: one channel or three; what the images have for None.
        skip_corrupt: leave out files that cannot be read.
        frames: "all" takes every picture of an animation, "first" the first one.
    """

    size: int | None = None
    crop: bool = False
    gray: bool | None = None
    skip_corrupt: bool = False
    frames: Literal["first", "all"] = "first"


def known_data(real: Any, reading: Reading = Reading()) -> Data:
    """The data of a path, a name, an array, an iterator of batches, or a run folder, as they came.

    Args:
        real: the data.
        reading: how images are read; those of a run or of a Data object were read before.

    Raises:
        Refused: if they cannot be read, or were read before and an option of `reading` asks for something else.
    """
    if not isinstance(real, Data) and not is_run(real):
        with named(name_of(real, "real")):
            return load_data(joined(real), **asdict(reading), native=True)
    if reading != Reading():
        raise Refused("--size, --crop, --gray, --frames and --skip-corrupt are for data that are read now, and "
                      f"{name_of(real, 'real')} was read before; leave them out.")  # fmt: skip
    return (real if isinstance(real, Data) else load(real).data).as_given()


def whole(data: Data, rows: int) -> Batch:
    """All parts of the data, up to that number of rows; those of the training part last."""
    parts = [p.all(rows) for p in (data.test, data.validation, data.train)]
    labels = [p.label for p in parts if p.label is not None]
    return Batch(torch.cat([p.x for p in parts])[:rows], torch.cat(labels)[:rows] if len(labels) == 3 else None)


def unseen(data: Data, rows: int, models: Iterable[Any], said: list[str]) -> Batch | None:
    """The test part alone, where one of the models was fitted to these data; None where none was.

    Args:
        data: as they were loaded.
        rows: at most.
        models: samples in any form.
        said: takes the sentence about it.
    """
    for model in filter(is_run, models):
        call = recorded(RunFolder.open(model))
        if call["content_hash"] != data.content_hash:
            continue
        if call.get("split_hash", data.split_hash) != data.split_hash:
            said.append(f"{model} was fitted to these data split otherwise: rows that it was trained on may be judged.")
            continue
        said.append(f"only the test part of the data is used, since {model} was fitted to, and chosen on, the others.")
        return data.test.all(rows)
    return None


def points(data: Data | Codec, fake: Any, n: int, seed: int, said: list[str] | None = None) -> Points:
    """All samples, in blocks, encoded as the data are.

    Batches that come only once, and samples of a callable beyond AT_ONCE, are kept in a temporary file.

    Args:
        data: what they are like.
        fake: a run folder, a path, an object in the form of the data, an iterable of such batches, or a callable
            `sample(n, seed)`; the seeds of several calls follow one another.
        n: how many are drawn, where they have to be.
        seed: for what has to be drawn.
        said: takes the sentences about what was chosen while reading.

    Raises:
        Refused: if they cannot be read, are not of the data's form, or are fewer than FEWEST.
    """
    codec = data.codec if isinstance(data, Data) else data
    with named(name_of(fake, "samples")):
        found = _points(codec, fake, n, seed, [] if said is None else said)
        if len(found) < FEWEST:
            raise Refused(f"a score needs at least {FEWEST} samples, got {len(found)}; draw more.")
    return found


def samples(data: Data | Codec, fake: Any, rows: int, seed: int, said: list[str] | None = None) -> Batch:
    """At most that many samples: all of them, or so many drawn at random.

    Args:
        data: what they are like.
        fake: as in `points`.
        rows: most that are used.
        seed: of the draw, and for what has to be drawn.
        said: takes the sentences about what was chosen while reading.
    """
    return Batch(subsample(points(data, fake, rows, seed, said), rows, seed))


def subsample(given: Points, rows: int, seed: int) -> Tensor:
    """At most that many points, drawn without replacement, in their order."""
    return given.taken(chosen(len(given), rows, generator(seed)))


def _points(codec: Codec, fake: Any, n: int, seed: int, said: list[str]) -> Points:
    if is_run(fake):
        run = load(fake)
        return Held(as_given(run, codec, run.draw(n, seed)).x)
    if isinstance(fake, Batch):
        return Held(fake.x)
    given, source = joined(_drawn(fake, n, seed) if callable(fake) else fake), None
    if isinstance(given, str | Path):
        source = codec.rows(existing(codec, given))
    elif isinstance(given, np.ndarray | Tensor | tuple) and not isinstance(codec, TableCodec):
        source = Source("samples", points_of(given)[0])
    if source is None:
        return Held(load_like(codec, given, said).x)
    found = Raw(source, codec)
    said += (*source.notes, *codec.differing(source))
    return found


def as_given(run: Run, codec: Codec, batch: Batch) -> Batch:
    """Points of a run, which standardises by the data that it was fitted to, as other data are encoded.

    Args:
        run: whose points they are.
        codec: of the other data.
        batch: as the run encodes them.
    """
    if isinstance(codec.space, Image) and codec.space.shape == run.codec.space.shape:
        return batch  # all images are in [-1, 1]
    return Batch(codec.encode(run.codec.decode(batch)).x, batch.label)


@contextmanager
def named(name: str) -> Iterator[None]:
    """Refusals inside say whose fault it is, where they do not yet."""
    try:
        yield
    except Refused as refusal:
        told, path = str(refusal), Path(name)
        if path.name in told and path.suffix or told.startswith((f"{path.stem} ", f"images of {path.stem} ", "folder")):
            raise
        raise Refused(f"{name}: {refusal}") from refusal


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
