"""Exact nearest neighbours: a matrix product proposes in low precision, float64 differences decide.

Decisions rest on Σ(xᵢ − yᵢ)² in float64 alone, so they depend neither on the block size nor on the number of threads,
and a point that lies on a radius lies on it exactly.
"""

from collections.abc import Callable, Iterator
from functools import cache, partial

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from pushforward.kernels.pairwise import NEAR, squared_distance

BLOCK = 2**23
"""Entries of the largest intermediate matrix."""

SPARE = 4
"""Candidates beyond the k-th, so that rounding seldom leaves one out."""


class Cloud:
    """Rows y whose squared distances to other rows are asked for in blocks, screened in low precision.

    Args:
        y: float64 points.
    """

    def __init__(self, y: Float[Tensor, "m d"]):
        self.y, self.center = y, y.mean(0)
        self.cast = cache(lambda dtype: self._centered(y, dtype))

    def screen(self, x: Float[Tensor, "b d"], dtype: torch.dtype) -> tuple[Float[Tensor, "b m"], float]:
        """Squared distances of the rows of x to all of y in that precision, and a bound on their error."""
        (u, norm), (v, other) = self._centered(x, dtype), self.cast(dtype)
        # A dot product of d terms errs by at most d roundings of the norms' product; the rest are sums and the cast.
        # In float64 `squared_distance` may put entries below NEAR roundings to zero.
        terms = x.shape[1] + 16 + (NEAR if dtype == torch.float64 else 0)
        return squared_distance(u, v), terms * torch.finfo(dtype).eps * (norm + other)

    def _centered(self, z: Tensor, dtype: torch.dtype) -> tuple[Tensor, float]:
        """About the centre of y, so that little is lost in the cast, and the largest squared norm."""
        w = (z - self.center).to(dtype)
        return w, float(w.square().sum(1).max())


def nearest(x: Float[Tensor, "n d"], y: Float[Tensor, "m d"], k: int, *, itself: bool = False) -> Float[Tensor, "n k"]:
    """Squared distances from each row of x to its k nearest rows of y, ascending.

    Args:
        x: float64 points that ask.
        y: float64 points among which the neighbours are.
        k: number of neighbours, at most m (m − 1 with `itself`).
        itself: y is x, and row i is no neighbour of itself.
    """
    found, cloud = x.new_empty(len(x), k), Cloud(y)
    for block in _blocks(len(x), len(y)):
        own = torch.arange(block.start, block.stop) if itself else None
        found[block] = _nearest(x[block], cloud, k, own, _first(x, y))
    return found


def memberships(
    x: Float[Tensor, "n d"],
    y: Float[Tensor, "m d"],
    of_x: Float[Tensor, " n"],
    of_y: Float[Tensor, " m"],
    *,
    strict: bool = False,
) -> Iterator[tuple[slice, Bool[Tensor, "b m"], Bool[Tensor, "b m"]]]:
    """Block after block of rows i of x: is yⱼ in the ball around xᵢ, and is xᵢ in the ball around yⱼ?

    Args:
        x: float64 points.
        y: float64 points.
        of_x: squared radii of the balls around the rows of x.
        of_y: squared radii of the balls around the rows of y.
        strict: a point on the radius is outside.
    """
    cloud, first, ids = Cloud(y), _first(x, y), identities(x, y)
    for block in _blocks(len(x), len(y)):
        same = partial(torch.eq, ids[0][block, None], ids[1])
        limits = of_x[block, None].expand(-1, len(y)), of_y.expand(len(x[block]), -1)
        yield block, *_memberships(x[block], cloud, limits, same, strict, first)


def identities(*parts: Float[Tensor, "_ d"]) -> list[Int[Tensor, " _"]]:
    """Numbers that are equal exactly where rows are, within a part and between parts."""
    known: dict[bytes, int] = {}
    # Adding 0 makes the two zeros one.
    return [torch.tensor([known.setdefault(row.tobytes(), len(known)) for row in (x + 0.0).numpy()]) for x in parts]


def squared_differences(
    x: Float[Tensor, "n d"], y: Float[Tensor, "m d"], i: Int[Tensor, " p"], j: Int[Tensor, " p"]
) -> Float[Tensor, " p"]:
    """‖xᵢ − yⱼ‖² of the listed pairs, from differences: coincident points are at 0 exactly."""
    size = max(1, BLOCK // x.shape[1])
    parts = [(x[a] - y[b]).square().sum(1) for a, b in zip(i.split(size), j.split(size), strict=True)]
    return torch.cat(parts) if parts else x.new_empty(0)


def _nearest(x: Tensor, cloud: Cloud, k: int, own: Tensor | None, dtype: torch.dtype) -> Float[Tensor, "b k"]:
    """One block's answer; rows whose candidates might miss a neighbour are asked again, in float64, then one by one."""
    y, m, kept = cloud.y, len(cloud.y), min(k + SPARE, len(cloud.y))
    screen, slack = cloud.screen(x, dtype)
    if own is not None:
        screen[torch.arange(len(x)), own] = torch.inf
    low, candidate = screen.topk(kept, largest=False)
    asked = torch.arange(len(x)).repeat_interleave(kept)
    exact = squared_differences(x, y, asked, candidate.reshape(-1)).view(len(x), kept)
    exact[low.isinf()] = torch.inf
    exact = exact.sort(1).values[:, :k]
    missed = ((low[:, -1] - slack < exact[:, -1]) & (exact[:, -1] > 0)).nonzero()[:, 0]
    if kept == m or not len(missed):
        return exact
    if dtype != torch.float64:
        for part in missed.split(max(1, BLOCK // m)):
            exact[part] = _nearest(x[part], cloud, k, None if own is None else own[part], torch.float64)
        return exact
    for i in missed:
        j = (screen[i] <= exact[i, -1] + slack).nonzero()[:, 0]
        exact[i] = squared_differences(x, y, i.expand(len(j)), j).topk(k, largest=False).values.sort().values
    return exact


def _memberships(
    x: Tensor,
    cloud: Cloud,
    limits: tuple[Tensor, Tensor],
    same: Callable[[], Tensor],
    strict: bool,
    dtype: torch.dtype,
) -> tuple[Tensor, Tensor]:
    """Both memberships of one block; where rounding leaves many in doubt, the block is screened in float64."""
    screen, slack = cloud.screen(x, dtype)
    answers = []
    for limit in limits:
        inside = screen < (limit - slack).to(dtype)
        doubt = (screen <= (limit + slack).to(dtype)) ^ inside
        if bool((limit == 0).any()):  # the k-th neighbour is a copy: only copies are inside, and no sum decides that
            inside |= (limit == 0) & same() & (not strict)
            doubt &= limit > 0
        i, j = doubt.nonzero(as_tuple=True)
        if dtype != torch.float64 and len(i) > screen.numel() // 64:
            return _memberships(x, cloud, limits, same, strict, torch.float64)
        exact, edge = squared_differences(x, cloud.y, i, j), limit[i, j]
        inside[i, j] = exact < edge if strict else exact <= edge
        answers.append(inside)
    return answers[0], answers[1]


def _first(x: Tensor, y: Tensor) -> torch.dtype:
    """float32, unless squares of such values would leave its range."""
    reach = max(float((x - y.mean(0)).abs().max()), float((y - y.mean(0)).abs().max()))
    return torch.float32 if 1e-12 < reach < 1e15 else torch.float64


def _blocks(n: int, m: int) -> Iterator[slice]:
    """Slices of n rows whose products with m rows have at most BLOCK entries."""
    size = max(1, BLOCK // m)
    yield from (slice(a, min(a + size, n)) for a in range(0, n, size))
