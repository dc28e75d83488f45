"""The looks at samples as training goes: the same noise at log-spaced turns, and now and then in between."""

import time
from collections.abc import Callable

import torch
from torch import Tensor

from pushforward.samplers import Sampler
from pushforward.spaces import Batch
from pushforward.training.probing import draw_samples

PATIENCE = 5.0
"""The seconds that pass at least between two looks at the samples of the moment."""

SHARE = 0.01
"""The share of the time that looks at the samples of the moment may take at most."""

Look = Callable[[int, Batch], None]


def is_landmark(turn: int) -> bool:
    """Return whether turn ∈ {0} ∪ {1, 2, 5}·10^k: evenly spaced to the eye on a logarithmic scale.

    Which turns they are depends on no budget, so that a run that goes on has the same ones.

    Example:
        >>> [turn for turn in range(300) if is_landmark(turn)]
        [0, 1, 2, 5, 10, 20, 50, 100, 200]
    """
    return turn == 0 or str(turn).rstrip("0") in ("1", "2", "5")


class Snapshots:
    """The samples of one noise, given away at landmarks and at the end of a run, and to a second look in between.

    They come from a generator of their own, so that training never knows of them. Samples that are not finite are
    passed over.

    Args:
        n: samples at each look.
        seed: of their noise, the same at every look.
        label: the class of each, for a sampler that takes one.
        keep: takes the samples of landmarks, and those of the last turn.
        glance: takes the samples of the moment, as often as its own cost allows, and those of the last turn.
    """

    def __init__(self, n: int, seed: int, label: Tensor | None, keep: Look, glance: Look):
        self.n, self.seed, self.label, self.keep, self.glance = n, seed, label, keep, glance
        self._next = time.monotonic()

    def __call__(self, sampler: Sampler, turn: int, over: bool) -> None:
        """Draw samples of a sampler in evaluation mode, if it is time to, and give them away.

        Args:
            sampler: the averaged one.
            turn: how many were played.
            over: whether it was the last one.
        """
        kept, due = over or is_landmark(turn), over or time.monotonic() >= self._next
        if not (kept or due):
            return
        samples = draw_samples(sampler, self.n, self.seed, self.label)
        if not torch.isfinite(samples.x).all():
            return
        if kept:
            self.keep(turn, samples)
        if due:
            began = time.monotonic()
            self.glance(turn, samples)
            ended = time.monotonic()
            self._next = ended + max(PATIENCE, (ended - began) / SHARE)
