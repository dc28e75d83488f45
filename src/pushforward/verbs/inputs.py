"""The forms in which people hold samples, read as batches of the data's space."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from torch import Tensor

from pushforward.data import Codec, Data, load_like
from pushforward.data import load as load_data
from pushforward.data.load import existing_source
from pushforward.data.objects import raw_data_of
from pushforward.data.parts.all_rows import EncodedRows
from pushforward.data.parts.packed import packed
from pushforward.data.raw.checks import FEWEST_JUDGED as FEWEST
from pushforward.data.raw.source import Source
from pushforward.data.readers.callables import call_sampler
from pushforward.errors import Refused
from pushforward.metrics.numerics.checked_arrays import draw_indices, generator
from pushforward.progress import step
from pushforward.rows import Held, Rows
from pushforward.runs import RunFolder
from pushforward.spaces import Batch, Image
from pushforward.verbs.call import recorded
from pushforward.verbs.opening import load
from pushforward.verbs.path_kind import is_run
from pushforward.verbs.run import Run


@dataclass(frozen=True)
class Reading:
    """The options by which images are read; see `load`.

    Args:
        size: side in pixels, or height and width as 48x64; None keeps the size that they have, which must be one for
            all.
        crop: cut the centre square out instead of squeezing.
        gray: one channel or three; what the images have for None.
        skip_corrupt: leave out files that cannot be read.
        frames: "all" takes every picture of an animation, "first" the first one.
        labels: name of the column or array that holds the class of each row; classes of rows are not compared.
    """

    size: int | str | None = None
    crop: bool = False
    gray: bool | None = None
    skip_corrupt: bool = False
    frames: Literal["first", "all"] = "first"
    labels: str | None = None


def known_data(real: Any, reading: Reading = Reading(), models: Iterable[Any] = ()) -> Data:
    """The data of a path, a name, an array, an iterator of batches, or a run folder, as they came.

    Args:
        real: the data.
        reading: how images are read; those of a run or of a Data object were read before.
        models: what is compared with them: a run among these knows which column holds the classes, and of the data
            that it was fitted to also how they were split.

    Raises:
        Refused: if they cannot be read, or were read before and an option of `reading` asks for something else.
    """
    if not isinstance(real, Data) and not is_run(real):
        with naming_refusals(name_of(real, "real")):
            return load_data(real, **_options_of_runs(real, models), **_options_given(reading), native=True)
    refuse_reading_again(real, reading)
    return (real if isinstance(real, Data) else load(real).data).as_given()


def refuse_reading_again(real: Any, reading: Reading) -> None:
    """Refuse options of reading for data that were read before.

    Args:
        real: a run folder or a Data object.
        reading: what was asked for.

    Raises:
        Refused: if anything was.
    """
    if _options_given(reading):
        raise Refused("--size, --crop, --gray, --frames, --skip-corrupt and --labels are for data that are read now, "
                      f"and {name_of(real, 'real')} was read before; leave them out.")  # fmt: skip


def _options_given(reading: Reading) -> dict[str, Any]:
    """Return the options that differ from what is done without being asked."""
    return {name: value for name, value in asdict(reading).items() if value != getattr(Reading(), name)}


def _options_of_runs(real: Any, models: Iterable[Any]) -> dict[str, Any]:
    """Return what the runs among the models say of data like theirs."""
    found: dict[str, Any] = {}
    for model in filter(is_run, models):
        of = recorded(RunFolder.open(model)).get("data", {})
        if "labels" in of:
            found["likely_labels"] = of["labels"]
        same = isinstance(real, str | Path) and str(Path(real).expanduser().resolve()) == of.get("spec")
        if same and "split" in of:
            found["split"] = of["split"]
    return found


def first_rows(data: Data, rows: int) -> Batch:
    """Return the first rows of all parts of the data, so many at most; those of the training part last."""
    return Batch.joined([part.all(rows) for part in (data.test, data.validation, data.train)]).rows(slice(rows))


def unseen_part(data: Data, rows: int, models: Iterable[Any], notes: list[str]) -> Batch | None:
    """The test part alone, where one of the models was fitted to these data; None where none was.

    Args:
        data: as they were loaded.
        rows: at most.
        models: samples in any form.
        notes: takes the sentence about it.
    """
    for model in filter(is_run, models):
        call = recorded(RunFolder.open(model))
        if call["content_hash"] != data.content_hash:
            continue
        if call.get("split_hash", data.split_hash) != data.split_hash:
            notes.append(
                f"{model} was fitted to these data split otherwise: rows that it was trained on may be judged."
            )
            continue
        notes.append(f"only the test part of the data is used, since {model} was fitted to, and chosen on, the others.")
        return data.test.all(rows)
    return None


@step("reading samples")
def points(data: Data | Codec, fake: Any, n: int, seed: int, notes: list[str] | None = None) -> Rows:
    """Return all samples, encoded as the data are, to be read in blocks.

    Batches that come only once, and many samples of a callable, are kept in a temporary file.

    Args:
        data: what they are like.
        fake: a run folder, a path, any object that `understood` takes, a Data object, or a callable `sample(n, seed)`
            or `sample(n)`; the seeds of several calls follow one another.
        n: how many are drawn, where they have to be.
        seed: for what has to be drawn.
        notes: takes the sentences about what was chosen while reading.

    Raises:
        Refused: if they cannot be read, are not of the data's form, or are fewer than FEWEST.
    """
    codec = data.codec if isinstance(data, Data) else data
    with naming_refusals(name_of(fake, "samples")):
        found = _points(codec, fake, n, seed, [] if notes is None else notes)
        if len(found) < FEWEST:
            raise Refused(f"a score needs at least {FEWEST} samples, got {len(found)}; draw more.")
    return found


def samples(data: Data | Codec, fake: Any, rows: int, seed: int, notes: list[str] | None = None) -> Batch:
    """Return at most that many samples: all of them, or so many drawn at random.

    Args:
        data: what they are like.
        fake: as in `points`.
        rows: most that are used.
        seed: of the draw, and for what has to be drawn.
        notes: takes the sentences about what was chosen while reading.
    """
    return Batch(subsample(points(data, fake, rows, seed, notes), rows, seed))


def subsample(given: Rows, rows: int, seed: int) -> Tensor:
    """Return at most that many points, drawn without replacement, in their order."""
    return given.taken(draw_indices(len(given), rows, generator(seed)))


def _points(codec: Codec, fake: Any, n: int, seed: int, notes: list[str]) -> Rows:
    if is_run(fake):
        run = load(fake)
        return Held(as_given(run, codec, run.draw(n, seed)).x)
    if isinstance(fake, Batch):
        return Held(fake.x)
    given = fake
    if isinstance(fake, Data):  # read before, perhaps in other units
        came = fake.as_given()
        given = came.codec.decode(first_rows(came, sum(map(len, (came.train, came.validation, came.test)))))
    elif callable(fake):
        given = call_sampler(fake, n, seed, notes)
    if isinstance(given, str | Path):
        rows = codec.rows(existing_source(codec, given))
        if rows is None:
            return Held(load_like(codec, given, notes).x)
        found = codec.taken(rows, notes)
    else:
        found = codec.taken(raw_data_of(given, "samples", codec.axes), notes)
    if isinstance(found, pd.DataFrame) and len(found):
        return packed(codec, found, [np.arange(len(found))])[0]
    return EncodedRows(found, codec) if isinstance(found, Source) else Held(codec.encode(found).x)


def as_given(run: Run, codec: Codec, batch: Batch) -> Batch:
    """Return points of a run, which standardises by the data that it was fitted to, as other data are encoded.

    Args:
        run: whose points they are.
        codec: of the other data.
        batch: as the run encodes them.
    """
    if isinstance(codec.space, Image) and codec.space.shape == run.codec.space.shape:
        return batch  # all images are in [-1, 1]
    return Batch(codec.encode(run.codec.decode(batch)).x, batch.label)


@contextmanager
def naming_refusals(name: str) -> Iterator[None]:
    """Name whose fault it is in refusals inside that do not say so yet."""
    try:
        yield
    except Refused as refusal:
        told, path = str(refusal), Path(name)
        if path.name in told and path.suffix or told.startswith((f"{path.stem} ", f"images of {path.stem} ", "folder")):
            raise
        raise Refused(f"{name}: {told.removeprefix(f'{path.stem}: ')}") from refusal


def name_of(given: Any, otherwise: str) -> str:
    """Return the name of data or samples in sentences."""
    if isinstance(given, str | Path):
        return str(given)
    if isinstance(given, pd.DataFrame):
        return str(given.attrs.get("name", otherwise))  # of the file that it was read from
    return given.name if isinstance(given, Data) else otherwise
