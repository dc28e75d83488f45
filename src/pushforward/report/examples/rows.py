"""The examples of table rows, or of points in many dimensions: a histogram a column, and the first rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from pushforward.report.examples.base import Examples, WitnessExamples
from pushforward.report.figures import beside
from pushforward.report.figures.drawing import to_svg
from pushforward.report.figures.marginal import marginal
from pushforward.report.markup import Html, block, card, cards, join, key, note, svg, table, tag
from pushforward.report.numbers import plainly

MOST_COLUMNS = 12
FIRST = 8
STAGE = 4


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
        return join(
            [legend, cards(*drawings), more, self._first("data", self.data), self._first("samples", self.samples)]
        )

    def witness(self, missed: WitnessExamples, over: WitnessExamples) -> Html:
        return join(
            [
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
        numbered = [(f"{place}", *cells(row, self.levels)) for place, row in enumerate(rows[:FIRST], start=1)]
        title = tag("h3", key(role, f"First rows of the {role}"))
        return tag("div", title, table(f"first rows of the {role}", ("", *self.names), numbered), class_="block")

    def _scored(self, chosen: WitnessExamples, role: str) -> Html:
        if len(chosen.examples) == 0:
            return note(f"No {role} were kept for this.")
        shown = zip(chosen.numbers(FIRST), chosen.examples[:FIRST], strict=True)
        rows = [(below or "–", *cells(row, self.levels)) for below, row in shown]
        title = "data per sample" if len(chosen.ratios) else "witness"
        return join([note(chosen.meaning), table(f"{role} with their {title}", (title, *self.names), rows)])


def cells(row: Sequence[float] | np.ndarray, levels: Sequence[Sequence[str]]) -> list[str]:
    """Return the values of a row in words: whole numbers as such, and levels by their name."""
    word = lambda value, known: known[int(value)] if value in range(len(known)) else plainly(float(value))
    return [word(value, known) for value, known in zip(row, levels, strict=True)]
