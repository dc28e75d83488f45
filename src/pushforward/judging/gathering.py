"""The evidence on a case: its data and samples mapped into the space of a feature map, with what else is known."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from pushforward.features import Features, Identity, LeNet, Pixels
from pushforward.judging.case import Case
from pushforward.judging.class_features import classifier, has_classes
from pushforward.judging.evidence import Evidence, Sorting
from pushforward.judging.feature_rows import feature_rows, width
from pushforward.judging.long_work import announce
from pushforward.judging.request import Request
from pushforward.judging.table_evidence import TableEvidence, table_evidence
from pushforward.metrics import KID, Metric
from pushforward.metrics.side import Side
from pushforward.metrics.significance.constant_columns import Constants, constant_columns
from pushforward.rows import Held, Rows
from pushforward.spaces import Columns, Image

CLASSED, COPIES, PART = 10_000, 2_000, 1_000
"""Samples of a run whose classes are counted, or that are compared with the training data, and drawn at a time."""


def gather(
    case: Case,
    request: Request,
    f: Features,
    *,
    classes: bool = True,
    target: str | None = None,
    rows: int,
    seed: int,
) -> Evidence:
    """Return the evidence on a case in the space of a feature map.

    Args:
        case: what is judged.
        request: what is wanted; scores that one pass can give have all rows to read.
        f: the map.
        classes: also what a classifier makes of both sides, where the data are labelled pictures.
        target: the column of a table that trees learn from the others.
        rows: the cap that was put on either side.
        seed: of further samples.
    """
    sorting = _sorting(case, f, seed) if classes else None
    points = case.everything or (Held(case.x.x), Held(case.y.x))
    d = width(f, points[0]) if all(map(len, points)) else 0
    if d:
        announce(request.metrics, points, d)
    real, fake = Side(*f.read(case.x.x, case.names[0])), Side(*f.read(case.y.x, case.names[1]))
    notes = case.notes
    if case.everything is not None:
        able = _readable(request, case.everything, d)
        real, fake = (
            replace(part, everything=_all_of(f, rows_of_side, name, able))
            for part, rows_of_side, name in zip((real, fake), case.everything, case.names, strict=True)
        )
        notes = (*notes, _subsample(case.everything, rows, able))
    return Evidence(
        real,
        fake,
        train=None if case.train is None else Side(*f.read(case.train.x)),
        test=None if case.test is None else Side(*f.read(case.test.x)),
        modes=None if case.data.modes is None else (case.data.modes, case.y.x.flatten(1)),
        sorting=sorting,
        names=case.names,
        notes=(*notes, *f.notes),
        density=case.density,
        divergence=case.divergence,
        constants=_constants(case, f),
        more=further_features(case, f, seed),
        thing="picture" if isinstance(case.data.space, Image) else "row",
        table=_table(case, f, target),
    )


def further_probabilities(case: Case, sorter: Features, seed: int) -> Tensor | None:
    """Return class probabilities of further samples, ten times as many as data: the data's own error is enough."""
    parts = [sorter.read(x).probabilities for x in _further(case, min(CLASSED, 10 * case.unseen), seed)]
    return torch.cat([p for p in parts if p is not None]) if parts else None


def further_features(case: Case, f: Features, seed: int) -> Tensor | None:
    """Return features of further samples for the training-copy test, where they cost nothing: few hold few copies."""
    if case.train is None or not isinstance(f.map, Identity | Pixels):
        return None
    parts = [f.read(x).features for x in _further(case, COPIES, seed)]
    return torch.cat(parts) if parts else None


def _further(case: Case, most: int, seed: int) -> Iterator[Tensor]:
    """Yield further samples, a part at a time, so that there are so many in all."""
    for number, first in enumerate(range(len(case.y.x), most if case.more else 0, PART)):
        assert case.more is not None  # else there is no part
        yield case.more(min(PART, most - first), seed + 1 + number).x


def _constants(case: Case, f: Features) -> Constants | None:
    """Return the test of constant columns, where columns of numbers are compared."""
    space = case.data.space
    if isinstance(space, Image) or not isinstance(f.map, Identity):
        return None
    names = [f"column {name}" for name in space.coordinates] if isinstance(space, Columns) else _numbered(space.dim)
    return constant_columns(case.x.x.numpy(), case.y.x.numpy(), names)


def _table(case: Case, f: Features, target: str | None) -> TableEvidence | None:
    """Return the columns of a table, where its rows are compared as they are."""
    space = case.data.space
    return table_evidence(case, space, target) if isinstance(space, Columns) and isinstance(f.map, Identity) else None


def _numbered(d: int) -> list[str]:
    return [f"coordinate {j} (counted from 0)" for j in range(d)]


def _readable(request: Request, everything: tuple[Rows, Rows], width: int) -> list[Metric]:
    """Return the metrics that can read all rows in blocks, where features are so many numbers wide."""
    n, m = map(len, everything)
    return [metric for metric in request.metrics if metric.streams(n, m, width)]


def _all_of(f: Features, points: Rows, name: str, able: Sequence[Metric]) -> tuple[Rows, Rows | None] | None:
    """Return features, and probabilities where a metric reads any, of all rows; None where no metric reads all."""
    return feature_rows(f, points, name, any(m.reads == "probabilities" for m in able)) if able else None


def _subsample(everything: tuple[Rows, Rows], rows: int, able: Sequence[Metric]) -> str:
    """Return the sentence that says which scores are not measured on all rows."""
    n, m = map(len, everything)
    which = f"everything but {', '.join(dict.fromkeys(metric.name for metric in able))}" if able else "all scores"
    return (
        f"{which} is measured on {min(rows, n):,} of {n:,} rows of data and {min(rows, m):,} of {m:,} samples, drawn "
        "at random; --rows takes more."
    )


def _sorting(case: Case, f: Features, seed: int) -> Sorting | None:
    """Return what a classifier makes of labelled pictures that it was not trained on, and of the samples."""
    if not has_classes(case.data) or case.unseen < KID().least_samples:
        return None
    sorter = f.map if isinstance(f.map, LeNet) else classifier(case.data)
    label = None if case.x.label is None else case.x.label[: case.unseen].cpu()
    return Sorting(
        Side(*sorter.read(case.x.x[: case.unseen])),
        Side(*sorter.read(case.y.x)),
        case.data.space.classes,
        sorter.protocol,
        label,
        further_probabilities(case, sorter, seed),
        apart=sorter is not f.map,
    )
