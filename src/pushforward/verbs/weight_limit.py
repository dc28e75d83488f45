"""The limit on the weights of a game that a file describes, held before they are allocated."""

from collections.abc import Callable, Mapping
from math import prod
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch.overrides import TorchFunctionMode

from pushforward.errors import Refused

T = TypeVar("T")

MOST = 2**30
"""Weights of a game that a file describes: 4 GiB in float32."""

TENSORS = 50_000
"""Tensors that such a game is made of, at most."""

FACTORIES = frozenset({torch.empty, torch.zeros, torch.ones, torch.full, torch.randn, torch.rand, torch.eye})
"""What modules allocate their weights with."""


class WeightCounter(TorchFunctionMode):
    """A mode that counts the numbers of tensors before they are allocated.

    Args:
        most: numbers, beyond which it refuses.
        whose: the file, for the sentence.
    """

    def __init__(self, most: int, whose: str):
        super().__init__()
        self.most, self.whose, self.numbers, self.tensors = most, whose, 0, 0

    def __torch_function__(
        self, f: Callable[..., Any], kinds: Any, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        if f in FACTORIES:
            shape = args[0] if args and isinstance(args[0], tuple | list) else args or kwargs.get("size", ())
            self.numbers += prod(n for n in shape if isinstance(n, int))
            self.tensors += 1
        if self.numbers > self.most or self.tensors > TENSORS:
            raise Refused(
                f"{self.whose} describes networks of more than {self.most:,} weights or {TENSORS:,} layers, which are "
                "more than its checkpoint holds or than are opened from a file; restore it or make the run again."
            )
        return f(*args, **kwargs)


def within_weights(make: Callable[[], T], most: int, whose: str) -> T:
    """Return what `make` gives, if it has few enough weights.

    Args:
        make: builds modules of this package from arguments that a file says.
        most: weights that it may have.
        whose: the file, in the sentence that refuses it.

    Raises:
        Refused: if there are more, or the arguments do not go together.
    """
    try:
        with WeightCounter(most, whose):
            return make()
    except (ValueError, TypeError, RuntimeError, ArithmeticError, IndexError, AssertionError, MemoryError) as error:
        if isinstance(error, Refused):
            raise
        reason = str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__
        raise Refused(f"the game of {whose} cannot be made of its arguments: {reason}.") from error


def most_weights(checkpoint: Path) -> int:
    """Return the weights that a game may have whose states lie there: no more than their bytes; MOST for none."""
    stored = sum(file.stat().st_size for file in checkpoint.glob("*/*.safetensors") if file.is_file())
    return min(MOST, stored) if stored else MOST
