"""The examples of table rows, or of points in many dimensions: a histogram a column, and the first rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import floor, isfinite, log10

import numpy as np
from matplotlib.figure import Figure

from pushforward.report.examples.base import Examples, WitnessExamples
from pushforward.report.figures import beside
from pushforward.report.figures.dates import Scale
from pushforward.report.figures.drawing import to_svg
from pushforward.report.figures.marginal import marginal
from pushforward.report.markup import Html, block, card, join, key, note, svg, table, tag
from pushforward.report.numbers import MINUS, plainly

MOST_COLUMNS = 24
FIRST = 8
STAGE = 4
WRITTEN, DIGITS = 4, 3
"""Decimals that are shown if the data have no more, and else the digits of a column's spread that are."""

LEVELS = ("no", "yes")
"""The levels of an indicator of missing cells."""

MARKED = (
    "Marked cells give their row away: with others in their place it looks at least twice as much like the other side."
)

ALL = 8
"""Digits from which on a float32 holds no more."""

LARGE = 1e15
"""The bound from which on numbers have no decimals, and are written with powers of ten."""


@dataclass(frozen=True, eq=False)
class TableRows(Examples):
    """The rows of both sides, (n, d), with the names of their columns and the levels that numbers stand for."""

    data: np.ndarray
    samples: np.ndarray
    names: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    dates: tuple[Scale | None, ...] = ()
    gaps: tuple[int, ...] = ()
    stage_style = "stages"

    def with_missing_cells(self) -> "TableRows":
        """Return the same rows in which a number whose indicator says so is missing, without the indicators."""
        pairs = zip(self.names, self.names[1:], self.levels, strict=False)
        gaps = tuple(i for i, (a, b, known) in enumerate(pairs) if known == LEVELS and a == f"{b} missing")
        return replace(self, gaps=gaps)._joined() if gaps else self

    def _joined(self) -> "TableRows":
        kept = [i for i in range(len(self.names)) if i not in self.gaps]
        of = lambda values: tuple(values[i] for i in kept)
        data, samples = (without_indicators(rows, self.gaps) for rows in (self.data, self.samples))
        shown = replace(self, data=data, samples=samples, names=of(self.names))
        return replace(shown, levels=of(self.levels), dates=of(self.dates) if self.dates else ())

    def beside(self) -> Html:
        shown = self.names[:MOST_COLUMNS]
        drawings = [
            card(
                self._caption(i),
                svg(
                    to_svg(marginal(self.data[:, i], self.samples[:, i], self.levels[i], self._date(i))),
                    f"histogram of {name}, data and samples",
                ),
            )
            for i, name in enumerate(shown)
        ]
        left_out = len(self.names) - len(shown)
        more = note(f"The first {len(shown)} of {len(self.names)} columns are drawn.") if left_out else Html()
        legend = tag(
            "p", key("data", "data"), " filled, ", key("samples", "samples"), " as a line; ends hold what is beyond."
        )
        return join([legend, tag("div", *drawings, class_="cards small"), more])

    def _caption(self, i: int) -> str:
        """Return the name of a column, and how many of its cells are missing."""
        shares = [f"{100 * float(np.isnan(side[:, i]).mean()):.2g} %" for side in (self.data, self.samples)]
        missing = f" (missing: {shares[0]}, of the samples {shares[1]})" if set(shares) != {"0 %"} else ""
        return f"{self.names[i]}{missing}"

    def _date(self, i: int) -> Scale | None:
        return self.dates[i] if self.dates else None

    def listing(self) -> Html:
        return join([self._first("data", self.data), self._first("samples", self.samples)])

    def witness(self, missed: WitnessExamples, over: WitnessExamples) -> Html:
        return join(
            [
                note((missed if len(missed.examples) else over).meaning),
                note(MARKED) if any(missed.telling + over.telling) else Html(),
                block("What it misses", note("Data that the samples come near least."), self._scored(missed, "data")),
                block(
                    "What it over-produces", note("Samples that the data support least."), self._scored(over, "samples")
                ),
            ]
        )

    @property
    def stage_words(self) -> Html:
        samples = key("samples", "what the averaged generator made of the same noise after so many turns")
        return join([key("data", "data"), "; ", samples, "."])

    def stage(self, alt: str) -> Html:
        shown = self.names[:STAGE]
        return svg(to_svg(beside.line(self.data, self.samples, list(shown), self.levels)), alt)

    def picture(self) -> Figure:
        shown = self.names[:MOST_COLUMNS]
        return beside.columns(self.data[:, : len(shown)], self.samples[:, : len(shown)], list(shown), self.levels)

    def _first(self, role: str, rows: np.ndarray) -> Html:
        numbered = [(f"{place}", *self._cells(row)) for place, row in enumerate(rows[:FIRST], start=1)]
        title = tag("h3", key(role, f"First rows of the {role}"))
        return tag("div", title, table(f"first rows of the {role}", ("", *self.names), numbered), class_="block")

    def _scored(self, chosen: WitnessExamples, role: str) -> Html:
        if len(chosen.examples) == 0:
            return note(f"No {role} were kept for this.")
        told = [chosen.telling[i] if chosen.telling else () for i in range(len(chosen.examples))]
        shown = zip(
            chosen.numbers(FIRST), without_indicators(chosen.examples[:FIRST], self.gaps), told[:FIRST], strict=True
        )
        rows = [(below or "–", *self._marked(row, columns)) for below, row, columns in shown]
        title = "data per sample" if len(chosen.ratios) else "witness"
        return table(f"{role} with their {title}", (title, *self.names), rows)

    @cached_property
    def _places(self) -> list[int]:
        """The decimals of each column that its data have."""
        return [decimals(column) for column in self.data.T]

    def _cells(self, row: np.ndarray) -> list[str]:
        """Return the values of a row in words: levels by their name, numbers rounded as the data are."""
        dates = self.dates or (None,) * len(self.names)
        each = zip(row, self.levels, self._places, dates, strict=True)
        return [
            known[int(v)] if v in range(len(known)) else date.text(float(v)) if date else rounded(float(v), places)
            for v, known, places, date in each
        ]

    def _marked(self, row: np.ndarray, columns: Sequence[str]) -> list[str]:
        """Return the values of a row in words, those that most give it away marked."""
        return [
            tag("mark", cell) if name in columns else cell
            for name, cell in zip(self.names, self._cells(row), strict=True)
        ]


def without_indicators(rows: np.ndarray, gaps: Sequence[int]) -> np.ndarray:
    """Return rows whose missing numbers are NaN, without the indicators that stand before them.

    Args:
        rows: (n, d).
        gaps: places of the indicators.
    """
    rows = rows.copy()
    for i in gaps:
        rows[rows[:, i] > 0, i + 1] = np.nan
    return np.delete(rows, list(gaps), axis=1)


def decimals(column: np.ndarray) -> int:
    """Return the decimals that the numbers of a column have; of numbers without end, those that its spread supports.

    What was written is the shortest text that gives the same float32, unless it takes all digits that one has.

    Args:
        column: numbers, finite or not.
    """
    finite = column[np.abs(column) < LARGE]
    if not len(finite):
        return 0
    texts = {np.format_float_positional(np.float32(value), trim="-") for value in finite}
    written = max(len(text.partition(".")[2]) for text in texts)
    endless = max(len(text.replace(".", "").strip("-0")) for text in texts) >= ALL
    spread = float(finite.std()) or abs(float(finite[0])) or 1.0
    return written if written <= WRITTEN and not endless else min(written, max(0, DIGITS - 1 - floor(log10(spread))))


def rounded(value: float, places: int) -> str:
    """Return a number with so many decimals, without commas between thousands: it may be a year.

    Example:
        >>> rounded(2023.96, 0), rounded(-0.001, 2), rounded(float("nan"), 1)
        ('2024', '0.00', '–')
    """
    if not abs(value) < LARGE:
        return plainly(value) if isfinite(value) else "–"
    text = f"{value:.{places}f}"
    return (f"{0:.{places}f}" if float(text) == 0 else text).replace("-", MINUS)
