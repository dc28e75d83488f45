"""A summary of what each column of a table was taken for: a row of words, shown before training."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from pushforward.data.codecs.table import TableCodec

SHOWN = 40
"""Columns that are shown on a terminal, at most."""

WIDE = 44
"""Characters of a cell, at most."""


@dataclass(frozen=True)
class ColumnSummary:
    """A line of words: what one column of a table was taken for.

    Args:
        column: its name.
        type: number, levels, date, the name of a type written elsewhere, class, row numbers, identifier or constant.
        values: the range, or how many levels there are and the most frequent ones.
        missing: cells that are.
        done: what becomes of it.
    """

    column: str
    type: str
    values: str
    missing: int
    done: str


def summaries(
    codec: "TableCodec", frame: pd.DataFrame, values: np.ndarray, dropped: Collection[str]
) -> tuple[ColumnSummary, ...]:
    """Return the summary of each column.

    Args:
        codec: of the table.
        frame: the columns that it knows.
        values: those of numbers, filled where a cell is missing.
        dropped: columns that were left out because somebody said so.
    """
    found = [ColumnSummary(str(name), *_of(codec, frame, values, name)) for name in codec.names]
    others = [(c.position, ColumnSummary(str(c.name), "row numbers", f"from {c.start}", 0, "written afresh"))
              for c in codec.counts]  # fmt: skip
    others += [
        (c.position, ColumnSummary(str(c.name), "identifier", f"such as {c.fresh(1).iloc[0]}", 0, "new names"))
        for c in codec.identifiers
    ]
    for position, summary in sorted(others, key=lambda other: other[0]):
        found.insert(min(position, len(found)), summary)
    return (*found, *(ColumnSummary(name, "none", "", 0, "left out") for name in dropped))


def lines(columns: Sequence[ColumnSummary]) -> Iterator[str]:
    """Yield the lines of a table of summaries, the first of them its head."""
    shown = columns if len(columns) <= SHOWN else columns[: SHOWN - 1]
    head = tuple(field.name for field in fields(ColumnSummary))
    rows = [head, *(tuple(_short(str(cell)) for cell in astuple(column)) for column in shown)]
    wide = [max(len(row[i]) for row in rows) for i in range(len(head))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, wide, strict=True)).rstrip()
    if len(shown) < len(columns):
        yield f"and {len(columns) - len(shown)} more columns, which columns.json in the run folder has too."


def _of(codec: "TableCodec", frame: pd.DataFrame, values: np.ndarray, name: Any) -> tuple[str, str, int, str]:
    """Return type, values, missing cells, and what is done with a column."""
    absent = int(frame[name].isna().sum())
    beside = ", an indicator beside" if absent else ""
    if name == codec.label_column and codec.labels is not None:
        return "class", _listed(codec.labels.names), absent, "classes"
    levels = next((c for c in codec.levels if c.column == name), None)
    if levels is not None:
        usual = frame[name].value_counts()
        listed = _listed([str(level) for level in usual.index[:WIDE]], len(levels.values) + len(levels.rare))
        if not levels.varies:
            return "constant" if not levels.rare else "levels", listed, absent, (
                f"drawn from all {len(levels.rare)} texts" if levels.rare else "carried")  # fmt: skip
        shared = f", one for {len(levels.rare):,} rare ones" if levels.rare else ""
        return "levels", listed, absent, f"{len(levels.names)} indicators{shared}"
    i = codec.numbers.index(name)
    dates = next((d for d in codec.dates if d.column == name), None)
    typed = next((c for c in codec.typed if c.column == name), None)
    there = values[:, i][~frame[name].isna().to_numpy()]
    if not len(there):
        return "constant", "all are missing", absent, "carried"
    low, high = float(there.min()), float(there.max())
    after = next((a for a in codec.after if a.column == name), None)
    if dates is not None and after is not None:
        first, last = dates.decode(np.array([dates.numbers(frame[name]).min(), after.last])).astype(str)
        return "date", f"{first} to {last}", absent, f"{low:g} to {high:g} steps after {after.start}{beside}"
    if dates is not None:
        first, last = dates.decode(np.array([low, high])).astype(str)
        form = f", as {dates.form}" if dates.form else ""
        step = str(pd.Timedelta(dates.step, "ns")).removesuffix(" 00:00:00").replace("1 days", "1 day")
        return f"date{form}", f"{first} to {last}", absent, f"steps of {step.removeprefix('0 days ')}{beside}"
    if typed is not None:
        first, last = typed.decode(np.array([low, high])).astype(str)
        own = typed.class_path.rpartition(".")[2]
        return own, f"{first} to {last}", absent, f"numbers from {low:.6g} to {high:.6g}{beside}"
    if not codec.standard.std[i] and not absent:
        return "constant", f"{low:g}", absent, "carried"
    return _number(codec, name, i), f"{low:.6g} to {high:.6g}", absent, f"standardised{beside}"


def _number(codec: "TableCodec", name: Any, i: int) -> str:
    """Return what kind of number a column holds."""
    dtype, places = codec.dtypes[codec.names.index(name)], codec.decimals[i]
    if dtype.lower().startswith("bool"):
        return "truth"
    if places is None:
        return "number"
    return "whole number" if places == 0 else f"number, {places} decimal{'s' if places > 1 else ''}"


def _listed(names: Sequence[str], many: int | None = None) -> str:
    many = len(names) if many is None else many
    return f"{many:,}: {', '.join(names)}"


def _short(cell: str) -> str:
    return cell if len(cell) <= WIDE else f"{cell[: WIDE - 1]}…"
