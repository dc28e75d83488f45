"""The codes of points and the points of codes, some rows at a time, by what a run keeps beside its sampler."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.runs import RunFolder
from pushforward.runs.atomic import placeable
from pushforward.samplers import Coding, Latent, LatentFlow, Sampler
from pushforward.spaces import Batch

ENDINGS = (".npy", ".npz", ".csv", ".parquet")
"""The endings of files that codes are written to."""

ROWS = 1000
"""Rows at a time."""


@dataclass(frozen=True, eq=False)
class Coder:
    """The encoder and the decoder of a run, in evaluation mode; points are encoded as the run's data are.

    Args:
        coding: of the run's game.
    """

    coding: Coding

    @torch.no_grad()
    def codes(self, x: Batch) -> Float[Tensor, "n k"]:
        """Return the code that stands for each point.

        Raises:
            Refused: if codes depend on classes, and points came without.
        """
        g = self.coding
        if isinstance(g, Sampler) and not isinstance(g, Latent | LatentFlow) and g.classes and x.label is None:
            raise Refused("codes of this run depend on the class of a point, and points came without; give (points, "
                          "labels), or the table with its column of labels.")  # fmt: skip
        return torch.cat([self.coding.codes(part) for part in _parts(x)]).cpu()

    @torch.no_grad()
    def decoded(self, codes: Float[Tensor, "n k"], label: Tensor | None) -> Batch:
        """Return the points that codes stand for, with the labels that are given."""
        parts = _parts(Batch(codes, label))
        return Batch(torch.cat([self.coding.decode(p.x, p.label) for p in parts]).float().cpu(), label)

    def rebuilt(self, x: Batch) -> Batch:
        """Return what the codes of points stand for."""
        return self.decoded(self.codes(x), x.label)

    def between(self, a: Batch, b: Batch, steps: int) -> Batch:
        """Return what the codes on each line from a's code to b's stand for; those of the first pair come first.

        Args:
            a: points where lines begin.
            b: points where they end, with the labels of a.
            steps: points on each line, both ends included.

        Raises:
            Refused: for fewer than 2 steps, or unequal numbers of points.
        """
        if steps < 2 or len(a.x) != len(b.x):
            raise Refused(f"interpolate needs steps of 2 or more and equally many points on both sides, got {steps} "
                          f"steps, {len(a.x)} and {len(b.x)} points.")  # fmt: skip
        ends = self.codes(a), self.codes(b)
        path = torch.stack([torch.lerp(*ends, float(t)) for t in torch.linspace(0, 1, steps)], 1).flatten(0, 1)
        return self.decoded(path, None if a.label is None else a.label.repeat_interleave(steps))


def codes_drawn(sampler: Latent | LatentFlow, x: Tensor) -> Float[Tensor, "n k"]:
    """Return a draw of the posterior for each point.

    Args:
        sampler: in evaluation mode.
        x: points.
    """
    return torch.cat([sampler.inferred(sampler.said(part)).z for part in x.split(ROWS)])


def _parts(x: Batch) -> Iterator[Batch]:
    """Yield the rows in blocks."""
    for start in range(0, max(1, len(x.x)), ROWS):
        yield x.rows(slice(start, start + ROWS))


def check_encode(run: Any, *, out: Any = None, **_: Any) -> None:
    """Refuse to encode by no run, or into a file of a kind that codes are not written with.

    Args:
        run: folder of the run.
        out: the file; None for one in that folder.

    Raises:
        Refused: for another ending, or a place where no file can be.
    """
    RunFolder.open(run)
    if out is not None:
        if Path(out).suffix not in ENDINGS:
            raise Refused(f"--out of encode must end in {', '.join(ENDINGS)}, got {str(out)!r}.")
        placeable(Path(out))
