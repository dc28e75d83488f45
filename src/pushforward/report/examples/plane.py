"""The examples of points in the plane: scatter plots on the same axes."""

from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from pushforward.report.examples.base import Examples, WitnessExamples
from pushforward.report.figures import beside
from pushforward.report.figures.drawing import DATA, SAMPLES, to_png
from pushforward.report.figures.scatter import Limits, limits, outside, overlaid, ringed, scatter
from pushforward.report.markup import Html, card, cards, join, key, note, png, side_by_side


@dataclass(frozen=True, eq=False)
class Plane(Examples):
    """The points of both sides in the plane, (n, 2)."""

    data: np.ndarray
    samples: np.ndarray
    stage_style = "stages squares"

    def beside(self) -> Html:
        return pair(self.data, self.samples, limits(self.data, self.samples))

    def witness(self, missed: WitnessExamples, over: WitnessExamples) -> Html:
        box = limits(self.data, self.samples)
        views = [
            (missed.examples, self.samples, DATA, "data", "data that the samples (grey) come near least."),
            (over.examples, self.data, SAMPLES, "samples", "samples that the data (grey) support least."),
        ]
        drawings = [
            card(
                join([key(role, f"Ringed: {len(chosen)} {caption}")]),
                png(
                    to_png(ringed(crowd, chosen, colour, box)), f"where the sampler goes wrong: {len(chosen)} {caption}"
                ),
            )
            for chosen, crowd, colour, role, caption in views
            if len(chosen)
        ]
        return cards(*drawings) or note("No examples were kept for this.")

    @property
    def stage_words(self) -> Html:
        samples = key("samples", "what the averaged generator made of the same noise after so many turns")
        return join([key("data", "data"), "; ", samples, "."])

    def stage(self, alt: str) -> Html:
        return png(to_png(overlaid(self.data, self.samples, limits(self.data, self.data)), dpi=120), alt)

    def picture(self) -> Figure:
        return beside.points(self.data, self.samples)


def pair(data: np.ndarray, samples: np.ndarray, box: Limits) -> Html:
    """Return the data and the samples as two scatter plots on the same axes."""
    return side_by_side(
        *(
            card(
                join([key(role, role), f": {_count(points, role, box)}"]),
                png(to_png(scatter(points, colour, box)), f"scatter plot of {len(points):,} points of the {role}"),
            )
            for role, points, colour in (("data", data, DATA), ("samples", samples, SAMPLES))
        )
    )


def _count(points: np.ndarray, word: str, box: Limits) -> str:
    """Say how many points are drawn, and how many would be beyond the edge."""
    beyond = outside(points, box)
    return f"{len(points):,} points" + (f", {beyond:,} of them beyond the edge." if beyond else ".")
