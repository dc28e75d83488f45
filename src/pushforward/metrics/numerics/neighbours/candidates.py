"""The candidates for a point's k-th nearest neighbour, with bounds on their distances, fewer and fewer."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from pushforward.metrics.numerics.neighbours.exact import decided, sharpened
from pushforward.metrics.numerics.neighbours.rounding import ListedRows
from pushforward.metrics.numerics.neighbours.screening import Pairs, Screen, Tile

HELD = 4
"""Candidates held, in multiples of k for each row, before those that have dropped out are looked for."""


class Shortlist:
    """A shortlist, for every row of x, of the rows of y that may be its k-th nearest.

    Args:
        x: queries, the points whose neighbours are sought.
        y: references, the points that may be neighbours, all different; x itself for neighbours among the queries.
        k: which neighbour.
        copies: how many neighbours each row of y stands for.
        own: how many neighbours at distance 0 each row of x has beside them.
    """

    def __init__(self, x: ListedRows, y: ListedRows, k: int, copies: Int[Tensor, " m"], own: Int[Tensor, " n"]):
        self.x, self.y, self.k, self.copies, self.own = x, y, k, copies, own
        # At least the square that is sought; none is where the row's own copies are enough.
        self.limit = torch.full((len(x),), torch.inf, dtype=torch.float64).masked_fill_(own >= k, -torch.inf)
        self.pairs = Pairs.none()
        self.most = HELD * k * len(x) + 2**16

    def take(self, screen: Screen, rows: slice, columns: slice) -> None:
        """Take from a tile the pairs that may count."""
        while True:
            tile = screen.tile(rows, columns)
            if columns.start == 0:
                self._bound(tile)
            candidates = self._close(tile)
            if not screen.refine(int((candidates.upper > self.limit[candidates.i]).sum()), tile.product.numel()):
                break
        self.pairs = Pairs.joined([self.pairs, candidates])
        if len(self.pairs) > self.most:
            self._prune()

    def kth(self) -> Float[Tensor, " n"]:
        """Return the k-th smallest squared distance of every row."""
        for settle in (sharpened, decided):
            self._prune()
            least = self._smallest("lower")  # what is nearer for certain need not be known better
            self.pairs = settle(self.x, self.y, self.pairs, self.pairs.upper >= least[self.pairs.i])
        return self._smallest("upper").where(self.own < self.k, 0.0)

    def _close(self, tile: Tile) -> Pairs:
        """Return the pairs of the tile that may count, for rows and, if x is y, for columns."""
        itself = self.x is self.y
        pairs = tile.close(self.limit, self.limit if itself else None)
        if itself:
            pairs = pairs[pairs.i > pairs.j]
            pairs = Pairs.joined([pairs, pairs.turned()])
        return pairs[pairs.lower <= self.limit[pairs.i]]

    def _bound(self, tile: Tile) -> None:
        """Lower the limits: the k-th smallest upper bound in a sample bounds the k-th smallest square of all."""
        upper = tile.upper()
        if self.x is self.y:
            own = torch.arange(len(self.x))
            upper[own[tile.rows, None] == own[tile.columns]] = torch.inf
        if upper.shape[1] >= self.k:
            bound = upper.topk(self.k, largest=False).values[:, -1].double()
            self.limit[tile.rows] = self.limit[tile.rows].minimum(bound)

    def _prune(self) -> None:
        """Leave out what cannot be the k-th nearest or nearer; decide where that leaves too much."""
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
        """Return the k-th smallest bound of every row, ∞ where there are not so many."""
        keys = getattr(self.pairs, bound)
        ranked, reached = self._ranked(self.pairs, keys)
        enough = (reached >= self.k) & (reached - self.copies[ranked.j] < self.k)
        kth = torch.full((len(self.x),), torch.inf, dtype=torch.float64)
        kth[ranked.i[enough]] = getattr(ranked, bound)[enough]
        return kth

    def _ranked(self, pairs: Pairs, keys: Tensor) -> tuple[Pairs, Tensor]:
        """Return the pairs row by row, smallest key first, and how many neighbours there are up to each."""
        order = keys.argsort()
        order = order[pairs.i[order].argsort(stable=True)]
        pairs = pairs[order]
        total = torch.cat([torch.zeros(1, dtype=torch.int64), self.copies[pairs.j].cumsum(0)])
        before = total[torch.searchsorted(pairs.i, pairs.i)]
        return pairs, self.own[pairs.i] + total[1:] - before
