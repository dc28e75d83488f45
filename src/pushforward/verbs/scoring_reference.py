"""The score of samples against a file of statistics in place of the data."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from torch import Tensor

from pushforward.data import Codec, ImageCodec
from pushforward.data.raw.options import Options
from pushforward.errors import Refused
from pushforward.features import Features, Identity, Unscaled
from pushforward.features.scaling import restored
from pushforward.judging import Evidence, Judgement, Request, comparable, judge
from pushforward.judging.feature_space import embedding
from pushforward.judging.presets import without_missing_classes
from pushforward.judging.reference import Reference
from pushforward.judging.units import Scale
from pushforward.metrics.side import Side
from pushforward.notes import Note
from pushforward.spaces import Image, Space
from pushforward.verbs.inputs import Reading, first_rows, known_data, name_of, samples


def score_against_reference(
    real: str | Path,
    fake: Any,
    request: Request,
    reading: Reading,
    at_work: Callable[[Features], Features],
    optional: bool = False,
    *,
    features: Any,
    scale: Scale | None,
    rows: int,
    seed: int,
) -> Judgement:
    """The scores of samples, in the space that the file was made in.

    Args:
        real: the file.
        fake: samples, as `score` takes them.
        request: what is wanted; a file of mu and sigma alone serves fid only.
        reading: how images are read.
        at_work: the feature map in several processes, or with features from the disk.
        optional: scores that this space cannot have are left out and said, as of a preset, and not refused.
        features: the space; it must be the file's.
        scale: units of rows of numbers; those of the file when left out.
        rows: most samples that are used.
        seed: of relabellings, and of samples that are drawn.

    Raises:
        Refused: if the file lacks what a score needs, or was made in another space.
    """
    reference, names = Reference.load(real), (str(real), name_of(fake, "fake"))
    notes: list[str] = []
    f, x = _encoded(reference, fake, reading, features, scale, rows, seed, notes)
    f = at_work(f)
    y = f(x).double().cpu()
    if optional:
        kept, left = without_missing_classes(request.metrics, f, x[:1])
        request = request.only(kept)
        notes += left
    notes += f.notes
    if y.shape[1] != len(reference.moments.mean):
        raise Refused(f"{real} holds statistics of {len(reference.moments.mean)} features, the samples have "
                      f"{y.shape[1]}; take the features that the file was made with.")  # fmt: skip
    if reference.protocol is not None:
        comparable(reference.protocol, f.protocol, ("the file", "this call"))
    known = reference.moments if reference.features is None else Side(reference.features.double())
    evidence = Evidence(known, Side(y), names=names, notes=(*_doubts(reference, names[0]), *notes))
    return judge(evidence, request, features=f.protocol, seed=seed, rows=rows)


def _doubts(reference: Reference, name: str) -> tuple[str, ...]:
    """Return the sentences about what the file does not hold of its data."""
    if reference.features is None:
        unsaid = "does not say how its statistics were measured; that the features agree is your word."
        return (Note(f"{name} {unsaid}", "doubt"),)
    kept, n = len(reference.features), reference.moments.n
    return () if kept == n else (f"the file keeps {kept} of {n} rows of data, which are what is scored.",)


def _encoded(
    reference: Reference,
    fake: Any,
    reading: Reading,
    features: Any,
    scale: Scale | None,
    rows: int,
    seed: int,
    notes: list[str],
) -> tuple[Features, Tensor]:
    """The feature map, and the samples, read as the data of the file were if it says how."""
    made_of = reference.made_of or {}
    if "codec" in made_of:
        codec = _read_as(Codec.from_json(made_of["codec"], "the codec of the file of statistics"), reading)
        space, batch = codec.space, samples(codec, fake, rows, seed, notes)
    else:
        data = known_data(fake, reading)
        notes += data.notes
        space, batch = data.space, first_rows(data, rows)
    return _units(embedding(features, space), scale, reference, space), batch.x


def _units(f: Features, scale: Scale | None, reference: Reference, space: Space) -> Features:
    """The map in the units of the file, which `comparable` checks where another scale was asked for."""
    made_of, protocol = reference.made_of or {}, reference.protocol or {}
    if scale == "robust" and "scaling" not in made_of:
        raise Refused("--scale robust is of the rows of the data, and this file of statistics holds no medians; leave "
                      "it out, or write the file again by --scale robust --save-reference.")  # fmt: skip
    if not isinstance(f, Identity) or isinstance(space, Image):
        return f
    if "scaling" in made_of and scale != "none":
        return Identity(restored(made_of["scaling"]))
    known = "scale" in protocol or reference.protocol is None  # files of earlier versions hold rows in other units
    return Identity(Unscaled()) if known else f


def _read_as(codec: Codec, reading: Reading) -> Codec:
    """Return the codec of the file's data, with today's choice about files that cannot be read."""
    if not isinstance(codec, ImageCodec):
        return codec
    asked = reading.size is not None and Options(reading.size).sides != (codec.height, codec.width)
    if asked or reading.crop or reading.gray is not None:
        raise Refused(f"the file was made of images of {codec.height} × {codec.width} pixels and {codec.channels} "
                      "channels, as which samples are read; leave --size, --crop and --gray out.")  # fmt: skip
    return replace(
        codec, skip_corrupt=reading.skip_corrupt, frames=reading.frames, exact=codec.exact and reading.size is None
    )
