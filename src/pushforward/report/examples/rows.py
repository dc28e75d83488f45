"""The examples of table rows, or of points in many dimensions: a histogram a column, and the first rows."""

from dataclasses import dataclass
from functools import cached_property
from math import floor, isfinite, log10

import numpy as np
from matplotlib.figure import Figure

from pushforward.report.examples.base import Examples, WitnessExamples
from pushforward.report.figures import beside
from pushforward.report.figures.drawing import to_svg
from pushforward.report.figures.marginal import marginal
from pushforward.report.markup import Html, block, card, join, key, note, svg, table, tag
from pushforward.report.numbers import MINUS, plainly

MOST_COLUMNS = 12
FIRST = 8
STAGE = 4
WRITTEN, DIGITS = 4, 3
"""Decimals that are shown if the data have no more, and else the digits of a column's spread that are."""

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
    stage_style = "stages"

    def beside(self) -> Html:
        shown = self.names[:MOST_COLUMNS]
        drawings = [
            card(
                name,
                svg(
                    to_svg(marginal(self.data[:, i], self.samples[:, i], self.levels[i])),
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

    def listing(self) -> Html:
        return join([self._first("data", self.data), self._first("samples", self.samples)])

    def witness(self, missed: WitnessExamples, over: WitnessExamples) -> Html:
        return join(
            [
                note((missed if len(missed.examples) else over).meaning),
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
        shown = zip(chosen.numbers(FIRST), chosen.examples[:FIRST], strict=True)
        rows = [(below or "–", *self._cells(row)) for below, row in shown]
        title = "data per sample" if len(chosen.ratios) else "witness"
        return table(f"{role} with their {title}", (title, *self.names), rows)

    @cached_property
    def _places(self) -> list[int]:
        """The decimals of each column that its data have."""
        return [decimals(column) for column in self.data.T]

    def _cells(self, row: np.ndarray) -> list[str]:
        """Return the values of a row in words: levels by their name, numbers rounded as the data are."""
        each = zip(row, self.levels, self._places, strict=True)
        return [known[int(v)] if v in range(len(known)) else rounded(float(v), places) for v, known, places in each]


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
