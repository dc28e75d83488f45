"""A case to be judged: data and samples as encoded points, with everything that is known about them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from pushforward.data import Data
from pushforward.metrics import Score
from pushforward.rows import Rows
from pushforward.spaces import Batch


@dataclass(frozen=True, eq=False)
class Case:
    """The data and samples that are judged, as encoded points.

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
        divergence: KL of the data's law, where that is known, from the samples', where that has a density.
        density_of_rows: of every row of x, in the unit of that score; None where it is not at hand.
        more: further samples, so many by another seed, where a run is judged that draws them for nothing.
        state: of the run that the samples come from, as its kept.json says.
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
    divergence: Score | None = None
    density_of_rows: Tensor | None = None
    more: Callable[[int, int], Batch] | None = None
    state: Mapping[str, Any] | None = None
    encoded: tuple[Batch, Batch] | None = None
