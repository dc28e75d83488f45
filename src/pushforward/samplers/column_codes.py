"""The codes of a table's columns: every column as one of finitely many atoms or bins, what is missing among them."""

from collections.abc import Sequence

import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor, nn
from torch.nn.functional import one_hot

from pushforward.samplers.digits import LevelDigits, RankDigits
from pushforward.spaces import Block, OneOf


class ColumnCodes(nn.Module):
    """The code of a cell: the place of its level, or that of its number's bin, the last one where it is missing.

    Args:
        blocks: of the column: one, or two where the first says whether the number is missing.
        bins: of numbers, at most.
    """

    def __init__(self, blocks: Sequence[Block], bins: int):
        super().__init__()
        levels = isinstance(blocks[-1], OneOf)
        self.gaps, self.width = len(blocks) > 1, sum(block.size for block in blocks)
        self.digits = LevelDigits(self.width) if levels else RankDigits(0, bins)
        self.size, self.ordered = (self.width, False) if levels else (bins + self.gaps, True)

    def fit(self, x: Float[Tensor, "n s"]) -> None:
        """Take the bins of the numbers that are there."""
        there = ~self._gone(x)
        if bool(there.any()):
            self.digits.fit(self._numbers(x)[there])

    def codes(self, x: Float[Tensor, "n s"]) -> Int64[Tensor, " n"]:
        """Return the codes of a column's coordinates."""
        place = self.digits.place(self.digits.codes(self._numbers(x)))
        return torch.where(self._gone(x), self.size - 1, place)

    def values(self, code: Int64[Tensor, " n"], u: Float[Tensor, " n"]) -> Float[Tensor, "n s"]:
        """Return the coordinates of codes, a number at the share u of its bin's mass."""
        gone = code == self.size - 1 if self.gaps else torch.zeros_like(code, dtype=torch.bool)
        x = self.digits.value(self.digits.digits(code.masked_fill(gone, 0)), u)
        return torch.cat([one_hot(gone.long(), 2).to(x), x.masked_fill(gone[:, None], 0.0)], 1) if self.gaps else x

    def _numbers(self, x: Float[Tensor, "n s"]) -> Tensor:
        return x[:, 2:] if self.gaps else x

    def _gone(self, x: Float[Tensor, "n s"]) -> Bool[Tensor, " n"]:
        return x[:, :2].argmax(1) > 0 if self.gaps else torch.zeros(len(x), dtype=torch.bool, device=x.device)
