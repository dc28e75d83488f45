"""Data and samples with everything that is known about them, judged in the space of a feature map."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from pushforward.data import Data
from pushforward.features import Features, Identity, LeNet, Pixels
from pushforward.judging import Judgement, Material, Request, Side, Sorting, requested, scored
from pushforward.judging.class_features import classified, classifier
from pushforward.judging.feature_rows import streamed, width
from pushforward.judging.long_work import announce
from pushforward.metrics import KID, Jackknife, Score
from pushforward.metrics.significance.constant_columns import Constants, constant_columns
from pushforward.progress import watched
from pushforward.rows import Held, Rows
from pushforward.spaces import Batch, Columns, Image

CLASSED, COPIES, PART = 10_000, 2_000, 1_000
"""Samples of a run whose classes are counted, or that are compared with the training data, and drawn at a time."""


@dataclass(frozen=True, eq=False)
class Case:
    """What is judged.

    Args:
        data: that were loaded, of which x is a part.
        x: rows of data.
        y: samples.
        names: of both.
        unseen: the first rows of x, so many, are of no training part.
        everything: all data and all samples, for scores that read them in blocks; None where x and y are all.
        train: what the sampler was fitted to, where known.
        test: held-out data beside x, where given.
        notes: on how they were read.
        run: the data are those that a run, which is judged, was fitted to.
        density: how likely the samples' law finds x, where it has a density.
        more: further samples, so many by another seed, where a run is judged that draws them for nothing.
        encoded: x and y as such a run encodes them, for its players and its files.
    """

    data: Data
    x: Batch
    y: Batch
    names: tuple[str, str]
    unseen: int
    everything: tuple[Rows, Rows] | None = None
    train: Batch | None = None
    test: Batch | None = None
    notes: tuple[str, ...] = ()
    run: bool = False
    density: Score | None = None
    more: Callable[[int, int], Batch] | None = None
    encoded: tuple[Batch, Batch] | None = None


def assessed(
    case: Case,
    metrics: Any,
    f: Features,
    *,
    classes: bool = True,
    floors: bool | None = None,
    error: Jackknife | None = None,
    bits: Score | None = None,
    rows: int,
    seed: int,
) -> Judgement:
    """The verdict on a case.

    Args:
        case: what is judged.
        metrics: that are wanted; the default ones for None, with KID where there is a classifier.
        f: the space.
        classes: say which classes are there, where the data are labelled pictures.
        floors: as in `scored`.
        error: of all scores, in place of their own.
        bits: bits per dimension of the data by log densities that were given, in place of the case's own.
        rows: the cap that was put on either side, for the protocol.
        seed: of relabellings, splits and subsamples.
    """
    request, sorting = requested(metrics or None), _sorting(case, f, seed) if classes else None
    if sorting is not None and metrics is None and not isinstance(f.map, LeNet):
        request = replace(request, names=(*request.names, KID.name), learnt=(KID(),))
    request = request if error is None else request.with_error(error)
    points = case.everything or (Held(case.x.x), Held(case.y.x))
    if all(map(len, points)):
        announce(request.metrics, points, width(f, points[0]))
    given = replace(_material(case, f, sorting), more=further_features(case, f, seed))
    if case.everything is not None:
        given = _of_all(given, case.everything, request, f, rows)
    given = replace(given, notes=(*given.notes, *f.notes), bits=bits or case.density)
    return scored(given, request, features=f.protocol, floors=floors, seed=seed, rows=rows)


def further_probabilities(case: Case, sorter: Features, seed: int) -> Tensor | None:
    """Of the classes of further samples, so that ten times as many as data are counted: error enough is the data's."""
    parts = [side(sorter, x).probabilities for x in _further(case, min(CLASSED, 10 * case.unseen), seed)]
    return torch.cat([p for p in parts if p is not None]) if parts else None


def further_features(case: Case, f: Features, seed: int) -> Tensor | None:
    """Of further samples for the training-copy test, where features cost nothing: few samples hold few copies."""
    if case.train is None or not isinstance(f.map, Identity | Pixels):
        return None
    parts = [side(f, x).features for x in _further(case, COPIES, seed)]
    return torch.cat(parts) if parts else None


def _further(case: Case, most: int, seed: int) -> Iterator[Tensor]:
    """Further samples, so that there are so many in all, a part at a time."""
    for number, first in enumerate(range(len(case.y.x), most if case.more else 0, PART)):
        assert case.more is not None  # else there is no part
        yield case.more(min(PART, most - first), seed + 1 + number).x


def side(f: Features, x: Tensor, name: str = "points") -> Side:
    """Features, and probabilities where the map has a classifier, in float64."""
    told = f"{f.protocol['features']} features of {name}"
    parts = list(watched(f.stream([x], classes=True), told, len(x), size=lambda part: len(part.features)))
    p = [part.probabilities for part in parts if part.probabilities is not None]
    return Side(torch.cat([part.features for part in parts]).double().cpu(), torch.cat(p).double().cpu() if p else None)


def _material(case: Case, f: Features, sorting: Sorting | None) -> Material:
    return Material(
        real=side(f, case.x.x, case.names[0]),
        fake=side(f, case.y.x, case.names[1]),
        train=None if case.train is None else side(f, case.train.x),
        test=None if case.test is None else side(f, case.test.x),
        modes=None if case.data.modes is None else (case.data.modes, case.y.x.flatten(1)),
        sorting=sorting,
        names=case.names,
        notes=case.notes,
        constants=_constants(case, f),
    )


def _constants(case: Case, f: Features) -> Constants | None:
    """The test of constant columns, where columns of numbers are compared."""
    space = case.data.space
    if isinstance(space, Image) or not isinstance(f.map, Identity):
        return None
    names = [f"column {name}" for name in space.names] if isinstance(space, Columns) else _numbered(space.dim)
    return constant_columns(case.x.x.numpy(), case.y.x.numpy(), names)


def _numbered(d: int) -> list[str]:
    return [f"coordinate {j} (counted from 0)" for j in range(d)]


def _of_all(given: Material, everything: tuple[Rows, Rows], request: Request, f: Features, rows: int) -> Material:
    """With streams of all rows for the scores that read them in blocks, where there are any in this space."""
    (x, y), d = everything, width(f, everything[0])
    able = [m for m in request.metrics if m.streams(len(x), len(y), d)]
    if not able:
        return replace(given, notes=(*given.notes, _subsample(x, y, rows, "all scores")))
    classes = any(m.reads == "probabilities" for m in able)
    sides = [
        replace(part, everything=streamed(f, points, name, classes))
        for part, points, name in zip((given.real, given.fake), everything, given.names, strict=True)
    ]
    others = f"everything but {', '.join(dict.fromkeys(m.name for m in able))}"
    return replace(given, real=sides[0], fake=sides[1], notes=(*given.notes, _subsample(x, y, rows, others)))


def _subsample(x: Rows, y: Rows, rows: int, what: str) -> str:
    return (
        f"{what} is measured on {min(rows, len(x)):,} of {len(x):,} rows of data and {min(rows, len(y)):,} of "
        f"{len(y):,} samples, drawn at random; --rows takes more."
    )


def _sorting(case: Case, f: Features, seed: int) -> Sorting | None:
    """By the classes of labelled pictures; the data are those that the classifier was not trained on."""
    if not classified(case.data) or case.unseen < KID().least_samples:
        return None
    sorter = f.map if isinstance(f.map, LeNet) else classifier(case.data)
    label = None if case.x.label is None else case.x.label[: case.unseen].cpu()
    return Sorting(
        side(sorter, case.x.x[: case.unseen]),
        side(sorter, case.y.x),
        case.data.space.classes,
        sorter.protocol,
        label,
        further_probabilities(case, sorter, seed),
    )
