"""Who may be a point's k-th nearest neighbour: candidates with bounds on their distances, fewer and fewer."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from pushforward.metrics.numerics.neighbours.exact import decided, sharpened
from pushforward.metrics.numerics.neighbours.rounding import Points
from pushforward.metrics.numerics.neighbours.screening import Pairs, Screen, Tile

HELD = 4
"""Candidates held, in multiples of k for each row, before those that have dropped out are looked for."""


class Shortlist:
    """For every row of x, the rows of y that may be its k-th nearest.

    Args:
        x: points that ask.
        y: points that answer, all different; x itself where they ask each other.
        k: which neighbour.
        copies: how many neighbours each row of y stands for.
        own: how many neighbours at distance 0 each row of x has beside them.
    """

    def __init__(self, x: Points, y: Points, k: int, copies: Int[Tensor, " m"], own: Int[Tensor, " n"]):
        self.x, self.y, self.k, self.copies, self.own = x, y, k, copies, own
        # At least the square that is sought; none is where the row's own copies are enough.
        self.limit = torch.full((len(x),), torch.inf, dtype=torch.float64).masked_fill_(own >= k, -torch.inf)
        self.pairs = Pairs.none()
        self.most = HELD * k * len(x) + 2**16

    def look(self, screen: Screen, rows: slice, columns: slice) -> None:
        """Takes from a tile what may count."""
        while True:
            tile = screen.tile(rows, columns)
            if columns.start == 0:
                self._bound(tile)
            found = self._close(tile)
            if not screen.finer(int((found.upper > self.limit[found.i]).sum()), tile.product.numel()):
                break
        self.pairs = Pairs.joined([self.pairs, found])
        if len(self.pairs) > self.most:
            self._prune()

    def kth(self) -> Float[Tensor, " n"]:
        """The k-th smallest squared distance of every row."""
        for settle in (sharpened, decided):
            self._prune()
            least = self._smallest("lower")  # what is nearer for certain need not be known better
            self.pairs = settle(self.x, self.y, self.pairs, self.pairs.upper >= least[self.pairs.i])
        return self._smallest("upper").where(self.own < self.k, 0.0)

    def _close(self, tile: Tile) -> Pairs:
        """What of the tile may count, for rows and, among points that ask each other, for columns."""
        itself = self.x is self.y
        pairs = tile.close(self.limit, self.limit if itself else None)
        if itself:
            pairs = pairs[pairs.i > pairs.j]
            pairs = Pairs.joined([pairs, pairs.turned()])
        return pairs[pairs.lower <= self.limit[pairs.i]]

    def _bound(self, tile: Tile) -> None:
        """The k-th smallest of the upper bounds of a sample bounds the k-th smallest square of all."""
        upper = tile.upper()
        if self.x is self.y:
            own = torch.arange(len(self.x))
            upper[own[tile.rows, None] == own[tile.columns]] = torch.inf
        if upper.shape[1] >= self.k:
            bound = upper.topk(self.k, largest=False).values[:, -1].double()
            self.limit[tile.rows] = self.limit[tile.rows].minimum(bound)

    def _prune(self) -> None:
        """Leaves out what cannot be the k-th nearest or nearer; decides where that leaves too much."""
        self._tighten()
        if 2 * len(self.pairs) > self.most:
            self.pairs = decided(self.x, self.y, self.pairs, self.pairs.lower < self.pairs.upper)
            self._tighten()
            ranked, reached = self._ranked(self.pairs, self.pairs.upper)
            self.pairs = ranked[reached - self.copies[ranked.j] < self.k]  # of equals, as many as are needed

    def _tighten(self) -> None:
        self.limit = self.limit.minimum(self._smallest("upper"))
        self.pairs = self.pairs[self.pairs.lower <= self.limit[self.pairs.i]]

    def _smallest(self, bound: str) -> Float[Tensor, " n"]:
        """The k-th smallest bound of every row, ∞ where there are not so many."""
        keys = getattr(self.pairs, bound)
        ranked, reached = self._ranked(self.pairs, keys)
        enough = (reached >= self.k) & (reached - self.copies[ranked.j] < self.k)
        found = torch.full((len(self.x),), torch.inf, dtype=torch.float64)
        found[ranked.i[enough]] = getattr(ranked, bound)[enough]
        return found

    def _ranked(self, pairs: Pairs, keys: Tensor) -> tuple[Pairs, Tensor]:
        """Row by row, smallest key first, and how many neighbours there are up to each."""
        order = keys.argsort()
        order = order[pairs.i[order].argsort(stable=True)]
        pairs = pairs[order]
        total = torch.cat([torch.zeros(1, dtype=torch.int64), self.copies[pairs.j].cumsum(0)])
        before = total[torch.searchsorted(pairs.i, pairs.i)]
        return pairs, self.own[pairs.i] + total[1:] - before
