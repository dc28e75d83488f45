"""A rule: a law, the sentence about every member of a room, with a function that fails where it does not hold."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import getdoc
from typing import Any

import torch
from torch import Tensor

SUM = 1e-12  # sums of a few hundred float64 numbers of order one


@dataclass(frozen=True)
class Rule:
    """A rule that tries a function on a member, with torch's generator at a seed of its own, and says which law broke.

    Args:
        room: what the members are, in the plural.
        holds: raises where the law does not hold; its docstring's first line is the law.
    """

    room: str
    holds: Callable[[Any], None]

    @property
    def name(self) -> str:
        """The name of the law in words."""
        return self.holds.__name__.replace("_", " ")

    def __call__(self, member: Any) -> None:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            try:
                self.holds(member)
            except Exception as broken:  # a law that cannot even be tried is broken, whatever the reason; it is kept
                kind = "" if isinstance(broken, AssertionError) else f"{type(broken).__name__}: "
                how = " ".join(str(broken).split()) or "it does not hold"
                raise AssertionError(
                    f"{_named(member)} breaks a law of {self.room}, '{self._says}' — {kind}{how}"
                ) from broken

    @property
    def _says(self) -> str:
        return (getdoc(self.holds) or self.name).partition("\n")[0].rstrip(".")


def laws_of(room: str, *laws: Callable[[Any], None]) -> tuple[Rule, ...]:
    """Return the rules of a room, one for each function of a member."""
    return tuple(Rule(room, law) for law in laws)


def holds(condition: bool | Tensor, otherwise: str) -> None:
    """Raise an AssertionError unless the condition is true; unlike an `assert`, also where Python optimises.

    Raises:
        AssertionError: with the sentence, otherwise.
    """
    if not condition:
        raise AssertionError(otherwise)


def is_a_value(member: Any) -> None:
    """The member is hashable, equal to itself, and its class's name is in its repr."""
    holds({member: 1}[member] == 1, "it cannot be found again as a key")
    holds(member == member, "it is not equal to itself")
    holds(type(member).__name__ in repr(member), f"its repr is {member!r}")


def points(n: int, d: int = 3, mean: float = 0.0) -> Tensor:
    """Draw n normal points in float64."""
    return mean + torch.randn(n, d, dtype=torch.float64)


def _named(member: Any) -> str:
    return getattr(member, "__name__", None) or repr(member)
