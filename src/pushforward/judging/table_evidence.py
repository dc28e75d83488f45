"""The evidence on a table: its columns among data, samples and training rows, as they came."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

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
        unseen: of rows that it never saw: the data, or others where these were named.
        target: the column that trees learn from the others; None for none.
        rows: of the samples as they are written.
    """

    space: Columns
    real: Sequence[Column] = field(repr=False)
    fake: Sequence[Column] = field(repr=False)
    train: Sequence[Column] | None = field(repr=False)
    unseen: Sequence[Column] = field(repr=False)
    target: str | None
    rows: Callable[[int], Mapping[str, object]] = field(repr=False)

    def written(self, row: int, column: str) -> str:
        """Return a cell of the samples as it is written."""
        found = next(c for c in self.fake if c.name == column)
        if found.levels:
            return found.levels[int(found.cells[row])]
        return "missing" if np.isnan(found.cells[row]) else str(self.rows(row).get(column, found.cells[row]))


def table_evidence(case: Case, space: Columns, target: str | None) -> TableEvidence:
    """Return the columns of a case.

    Args:
        case: whose data are a table.
        space: of its points.
        target: the column that is asked for; the classes for None, where both sides have them.
    """
    sides = [side for side in (case.x, case.y, case.train, case.test) if side is not None]
    labelled = all(side.label is not None for side in sides) and bool(case.data.space.classes)
    read = lambda side: [*columns(side.x, blocks_of(space)), *(_classes(case.data, side) if labelled else [])]
    real = read(case.x)
    known = labelled and len(np.unique(real[-1].cells)) > 1
    return TableEvidence(
        space,
        real,
        read(case.y),
        None if case.train is None else read(case.train),
        real if case.test is None else read(case.test),
        target or (real[-1].name if known else None),
        partial(_row, case),
    )


def _row(case: Case, row: int) -> Mapping[str, object]:
    """Return the cells of a sample as they are written, by the names of their columns."""
    frame = case.data.codec.decode(Batch(case.y.x[row : row + 1]))
    return {str(name): frame[name].iloc[0] for name in frame}


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
