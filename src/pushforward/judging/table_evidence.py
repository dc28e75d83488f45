"""The evidence on a table: its columns among data, samples and training rows, as they came."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from pushforward.data import Data, TableCodec
from pushforward.errors import Refused
from pushforward.judging.case import Case
from pushforward.metrics.diagnosis.learning import place_of
from pushforward.metrics.numerics.cells import Column, blocks_of, columns
from pushforward.spaces import Batch, Columns


@dataclass(frozen=True, eq=False)
class TableEvidence:
    """The columns of a table, that of the classes last where all sides have it.

    Args:
        space: of the points.
        real: columns of the data.
        fake: of the samples.
        train: of what the sampler was fitted to; None where that is unknown.
        target: the column that trees learn from the others; None for none.
    """

    space: Columns
    real: Sequence[Column] = field(repr=False)
    fake: Sequence[Column] = field(repr=False)
    train: Sequence[Column] | None = field(repr=False)
    target: str | None


def table_evidence(case: Case, space: Columns, target: str | None) -> TableEvidence:
    """Return the columns of a case.

    Args:
        case: whose data are a table.
        space: of its points.
        target: the column that is asked for; the classes for None, where both sides have them.
    """
    sides = [case.x, case.y, *([] if case.train is None else [case.train])]
    labelled = all(side.label is not None for side in sides) and bool(case.data.space.classes)
    found = [[*columns(side.x, blocks_of(space)), *(_classes(case.data, side) if labelled else [])] for side in sides]
    known = labelled and len(np.unique(found[0][-1].cells)) > 1
    chosen = target or (found[0][-1].name if known else None)
    return TableEvidence(space, found[0], found[1], found[2] if len(found) > 2 else None, chosen)


def check_target(target: str | None, data: Data) -> None:
    """Refuse a target that is no column of the data.

    Args:
        target: as it is asked for; None passes.
        data: that it should be a column of.

    Raises:
        Refused: if they are no table, or have no such column.
    """
    if target is None:
        return
    if not isinstance(data.codec, TableCodec):
        raise Refused(f"--target names a column of a table, and {data.name} is none; leave it out.")
    place_of(target, [str(name) for name in data.codec.names])


def _classes(data: Data, side: Batch) -> list[Column]:
    """Return the column of the classes."""
    assert side.label is not None  # all sides have them
    name = getattr(data.codec, "label_column", None)
    return [Column("label" if name is None else str(name), side.label.double().cpu().numpy(), data.space.classes)]
