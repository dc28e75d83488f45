"""The fitting of kernel density estimates: all rows are kept, and a bandwidth is chosen by a rule."""

from math import exp, log
from typing import Literal

import torch
from jaxtyping import Float
from scipy.optimize import minimize_scalar
from torch import Tensor

from pushforward.errors import Refused
from pushforward.games.base import TrainingRows, Turn
from pushforward.games.whole import Whole
from pushforward.samplers import KernelDensity, Window
from pushforward.spaces import Space

Rule = Literal["silverman", "scott", "likelihood"]

MOST = 5000
"""Rows by which the likelihood of left-out rows is judged; more would change the choice by less than its error."""

NARROWEST, WIDEST = 1 / 30, 3.0
"""Between which shares of Silverman's rule the likelihood's choice is looked for."""


class KernelDensityFit(Whole):
    """max_h Σ_i log q_{−i}(x_i), q_{−i} the estimate from all rows but x_i; or h by a rule of the normal law.

        once: scott       h_j = c·s_j·n^{−1/(d + 4)}, s_j the standard deviation of coordinate j
              silverman   h_j = c·s_j·(n(d + 2)/4)^{−1/(d + 4)}
              likelihood  h_j = r·silverman's, r by that likelihood of the rows that differ, copies left out

    c is 1 for the Gaussian window, and for another one what makes the mean squared error at a normal law least.

    Args:
        space: of the points.
        sampler: the estimate.
        bandwidth: a rule, or the number itself for all coordinates, in encoded units.
        batch_size: as of `Whole`.
    Source: Scott (1992) and Silverman (1986, equation 4.14), for the rules; Duin (1976) for the likelihood.
    """

    sampler: KernelDensity

    def __init__(
        self, space: Space, sampler: KernelDensity, bandwidth: Rule | float = "silverman", batch_size: int = 1000
    ):
        super().__init__(space, sampler, batch_size)
        if not isinstance(bandwidth, str) and not bandwidth > 0:
            raise Refused(f"bandwidth of KernelDensityFit must be a rule or a positive number, got {bandwidth}.")
        self.rule = bandwidth

    def prepare(self, data: TrainingRows) -> None:
        """Take all training rows into memory, and make room for them in the sampler.

        Raises:
            Refused: for fewer than two rows, of which there is no spread.
        """
        super().prepare(data)
        if len(data) < 2:
            raise Refused(f"kde needs two training rows or more, got {len(data)}.")
        self.sampler.reserve(len(data))

    def sweep(self, x: Tensor, turn: Turn) -> bool:
        """Keep all rows with their bandwidth, and return that it was the last sweep."""
        self.sampler.put(x, self._bandwidth(x.double()))
        turn.note("sampler", -self.sampler.log_prob_of_others().clamp(min=-1e6).mean() / self.space.dim)
        return True

    def _bandwidth(self, x: Float[Tensor, "n d"]) -> Float[Tensor, " d"]:
        n, d = x.shape
        if not isinstance(self.rule, str):
            return x.new_full((d,), float(self.rule))
        base = n if self.rule == "scott" else n * (d + 2) / 4
        h = self.sampler.window.widening(d) * x.std(0) * base ** (-1 / (d + 4))
        return _likeliest(self.sampler.window, x, h) if self.rule == "likelihood" else h


def _likeliest(window: Window, x: Float[Tensor, "n d"], h: Float[Tensor, " d"]) -> Float[Tensor, " d"]:
    """Return the multiple of h under which left-out rows are likeliest."""
    distinct = x.unique(dim=0)
    some = distinct[torch.randperm(len(distinct))[:MOST]]
    shrink = (len(some) / len(x)) ** (-1 / (x.shape[1] + 4))  # of fewer rows, wider windows are best, by this share
    trial = KernelDensity((x.shape[1],), window)

    def cost(log_share: float) -> float:
        trial.put(some, shrink * h * exp(log_share))
        return -float(trial.log_prob_of_others().clamp(min=-1e6).mean())

    ends = log(NARROWEST), log(WIDEST)
    found = minimize_scalar(cost, bounds=ends, method="bounded", options={"xatol": 1e-2})
    return h * exp(found.x)
