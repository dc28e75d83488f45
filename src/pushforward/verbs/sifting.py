"""The samples that are kept of those drawn, batch after batch until there are enough."""

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from pushforward.errors import Refused
from pushforward.spaces import Batch


@dataclass(frozen=True, eq=False)
class Sieve:
    """A filter that samples are drawn for: what draws, what keeps, how long, and what is said where it is too long.

    Args:
        draw: gives a batch, by how many were drawn before.
        good: tells which of a batch are kept, by how many were drawn before it.
        most: samples that are drawn, at most but for the last batch.
        says: begins the sentence that refuses, before how many are kept.
        remedy: ends it.
        hopeless: samples from which on fewer than half the needed share end the drawing; None for none.
    """

    draw: Callable[[int], Batch]
    good: Callable[[Batch, int], Tensor]
    most: int
    says: str
    remedy: str
    hopeless: int | None = None

    def kept(self, n: int) -> tuple[Batch, int, int]:
        """Return n samples that are kept, how many were drawn, and how many of these were kept.

        Raises:
            Refused: where so few are that `most` are not enough.
        """
        kept, drawn, met = list[Batch](), 0, 0
        while met < n and drawn < self.most and not self._is_hopeless(n, drawn, met):
            batch = self.draw(drawn)
            kept.append(batch.rows(self.good(batch, drawn)))
            drawn, met = drawn + len(batch.x), met + len(kept[-1].x)
        if met < n:
            raise Refused(f"{self.says} {met:,} of {drawn:,} samples, and {n:,} were asked for; {self.remedy}.")
        return Batch.joined(kept).rows(slice(n)), drawn, met

    def _is_hopeless(self, n: int, drawn: int, met: int) -> bool:
        return self.hopeless is not None and drawn >= self.hopeless and 2 * self.most * met < n * drawn
