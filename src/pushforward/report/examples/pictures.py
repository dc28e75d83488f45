"""The examples of pictures: sheets of them, and strips with a score under each."""

from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from pushforward.report.examples.base import Examples, WitnessExamples
from pushforward.report.figures import beside
from pushforward.report.figures.montage import capacity, montage, png_bytes
from pushforward.report.markup import Html, block, card, join, key, note, png, side_by_side, tag, text

STRIP = 20
STAGE = 10


@dataclass(frozen=True, eq=False)
class Pictures(Examples):
    """The pictures of both sides in 8 bits a channel, (n, h, w, c) with one channel or three."""

    data: np.ndarray
    samples: np.ndarray
    stage_style = "stages"

    def beside(self) -> Html:
        n = min(capacity(self.data), capacity(self.samples), len(self.data), len(self.samples))
        sheets = [
            card(
                join([key(role, word), f": {n} of them."]),
                png(png_bytes(montage(shown[:n])), f"a sheet of {n} pictures of the {word}", "sheet"),
            )
            for role, word, shown in (("data", "data", self.data), ("samples", "samples", self.samples))
        ]
        return side_by_side(*sheets)

    def witness(self, missed: WitnessExamples, over: WitnessExamples) -> Html:
        lacking, too_many = "Data that the samples come near least.", "Samples that the data support least."
        return join(
            [
                note((missed if len(missed.examples) else over).meaning),
                block("What it misses", strip(missed, "data", "missed", lacking)),
                block("What it over-produces", strip(over, "samples", "over", too_many)),
            ]
        )

    @property
    def stage_words(self) -> Html:
        return text(
            "Each column is one draw of noise, each row what the averaged generator made of it after so many turns."
        )

    def stage(self, alt: str) -> Html:
        return png(png_bytes(montage(self.samples[:STAGE], columns=STAGE, width=560)), alt)

    def picture(self) -> Figure:
        n = min(64, capacity(self.data), capacity(self.samples))
        return beside.pictures(self.data[:n], self.samples[:n])


def strip(chosen: WitnessExamples, word: str, role: str, caption: str) -> Html:
    """Return pictures in a row that wraps, the witness under each."""
    if len(chosen.examples) == 0:
        return note(f"No {word} were kept for this.")
    shown = chosen.examples[:STRIP]
    cells = [
        tag("span", png(png_bytes(montage(picture[None], 1, 112)), f"{role} {word} {place}"), below)
        for place, (picture, below) in enumerate(zip(shown, chosen.numbers(STRIP), strict=True), start=1)
    ]
    return card(caption, tag("div", *cells, class_="strip"))
