"""The kernel density estimate: a sampler that moves data a little, with the density of what comes out."""

from collections.abc import Sequence
from math import inf, log, prod

import torch
from jaxtyping import Float
from torch import Tensor, nn

from pushforward.samplers.kept_rows import KeptRows
from pushforward.samplers.leaves import Leaves
from pushforward.samplers.windows import Window
from pushforward.spaces import Batch

NEGLIGIBLE = 80.0
"""Squared bandwidths by which a leaf may be farther than one that counts: its terms are below e⁻⁴⁰ of the sum's."""

LEAST = -600.0
"""The logarithm of a sum below which its terms may have been rounded away: float64 ends at −745."""


class KernelDensity(KeptRows):
    """x = x_i + h·v, i uniform among n rows and v drawn from a window k: q(x) = Σ_i k((x − x_i)/h)/(n Π_j h_j).

    The noise is (u, e): u says which row, e are the normal numbers of the window's draw. Sums are in float64, block by
    block, each about its own centre; blocks whose terms are below e⁻⁴⁰ of the sum are left out, which is most of them
    in few dimensions.

    Args:
        shape: of a point, d coordinates in all.
        window: k.
        rows: n, whose places are filled when it is fitted.
    Source: Rosenblatt (1956), Annals of Mathematical Statistics 27; Parzen (1962), same journal 33.
    """

    exact = True

    def __init__(self, shape: Sequence[int], window: Window, rows: int = 1):
        super().__init__(shape, rows)
        self.window = window
        self.bandwidth = nn.Buffer(torch.ones(prod(shape), dtype=torch.float64))

    def put(self, rows: Float[Tensor, "n d"], bandwidth: Float[Tensor, " d"]) -> None:
        """Take these rows, and this bandwidth of each coordinate."""
        if len(rows) != len(self.rows):
            self.reserve(len(rows))
        self.rows.copy_(rows)
        self.bandwidth.copy_(bandwidth)

    def draw_noise(self, n: int) -> Float[Tensor, "n k"]:
        normal = torch.randn(n, self.rows.shape[1] + self.window.more, device=self.device)
        return torch.cat([torch.rand(n, 1, device=normal.device), normal], 1)

    def push(self, z: Float[Tensor, "n k"], label: Tensor | None = None) -> Tensor:
        i = (z[:, 0].double() * len(self.rows)).long().clamp(max=len(self.rows) - 1)
        x = self.rows[i] + self.bandwidth * self.window.from_normals(z[:, 1:].double())
        return x.float().view(-1, *self.shape)

    def log_prob(self, x: Batch) -> Float[Tensor, " n"]:
        """Return log Σ_i k((x − x_i)/h) − log n − Σ_j log h_j, in float64; −∞ outside of the windows' support."""
        at = Leaves.of(x.x.flatten(1).double() / self.bandwidth)
        found = self._log_sums(at, Leaves.of(self.rows / self.bandwidth))
        return found - log(len(self.rows)) - self.bandwidth.log().sum()

    def log_prob_of_others(self, most: int | None = None) -> Float[Tensor, " n"]:
        """Return at each of the rows the log-density of an estimate from all the others.

        Args:
            most: of the first so many rows alone.
        """
        scaled = self.rows / self.bandwidth
        rows = Leaves.of(scaled)
        at = rows if most is None else Leaves.of(scaled[:most])
        place = torch.empty_like(rows.order).scatter_(0, rows.order, torch.arange(len(scaled), device=self.device))
        found = self._log_sums(at, rows, place[at.order])
        return found - log(max(len(self.rows) - 1, 1)) - self.bandwidth.log().sum()

    def _log_sums(self, at: Leaves, rows: Leaves, own: Tensor | None = None) -> Float[Tensor, " n"]:
        """Return log Σ_i k(x − x_i), x in leaves `at`, x_i in leaves `rows`; without that in its `own` place."""
        found, d = at.x.new_empty(len(at.x)), at.x.shape[1]
        at_0 = self.window.log_values(found.new_zeros(()), d) - self._risen(found.new_zeros(1)).log()[0]
        for here, low, high in zip(at.slices(), at.low, at.high, strict=True):
            there, shift = self._counting(rows, low, high)
            x, places = at.x[here], None if own is None else own[here]
            logs = self._sums(x, rows, there, places, shift).log()
            sums = logs - shift + at_0
            if self.window.exponential and len(lost := (logs < LEAST).nonzero()[:, 0]):
                sums[lost] = self._far_sums(x[lost], rows, there, None if places is None else places[lost])
            found[at.order[here]] = sums
        return found

    def _counting(self, rows: Leaves, low: Tensor, high: Tensor) -> tuple[list[slice], float]:
        """Return the leaves that count at a box, and what no exponent there exceeds, with the sign turned."""
        nearest, farthest = rows.squares_to(low, high)
        most = self.window.reach**2 if self.window.reach < inf else float(farthest.min()) + NEGLIGIBLE
        counting = [s for s, near in zip(rows.slices(), (nearest <= most).tolist(), strict=True) if near]
        return counting, self.window.profile[1] * float(nearest.min()) if self.window.exponential else 0.0

    def _risen(self, squares: Tensor) -> Tensor:
        """Return r(a − b·s), which is the window but for a factor."""
        top, slope = self.window.profile
        return self.window.rise_(top - slope * squares)

    def _sums(
        self, x: Float[Tensor, "n d"], rows: Leaves, there: list[slice], own: Tensor | None, shift: float
    ) -> Float[Tensor, " n"]:
        """Return Σ_j r(a + shift − b·‖x_i − y_j‖²) over leaves: one product of matrices and one pass each."""
        top, slope = self.window.profile
        centre, one = x.mean(0), x.new_ones(len(x), 1)
        q = x - centre
        left = torch.cat([2 * slope * q, top + shift - slope * q.square().sum(1, keepdim=True), one], 1)
        total = x.new_zeros(len(x))
        for s in there:
            y = rows.x[s] - centre
            right = torch.cat([y, y.new_ones(len(y), 1), -slope * y.square().sum(1, keepdim=True)], 1)
            values = self.window.rise_(left @ right.T)
            if own is not None:
                mine = ((own >= s.start) & (own < s.stop)).nonzero()[:, 0]
                values[mine, own[mine] - s.start] = 0.0
            total += values.sum(1)
        return total

    def _far_sums(
        self, x: Float[Tensor, "n d"], rows: Leaves, there: list[slice], own: Tensor | None
    ) -> Float[Tensor, " n"]:
        """Return the logarithms of sums that are too small to be taken but by their largest term."""
        total = x.new_full((len(x),), -inf)
        for s in there:
            values = self.window.log_values(_squares(x, rows.x[s]), x.shape[1])
            if own is not None:
                values.masked_fill_(own[:, None] == torch.arange(s.start, s.stop, device=x.device), -inf)
            total = torch.logaddexp(total, values.logsumexp(1))
        return total


def _squares(x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, "n m"]:
    """Return squared distances, about the centre of x."""
    a, b = x - (centre := x.mean(0)), y - centre
    return torch.addmm(b.square().sum(1), a, b.T, alpha=-2).add_(a.square().sum(1)[:, None]).clamp_(min=0)
