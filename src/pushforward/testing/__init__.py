"""The laws of every room, for members written elsewhere: `check(thing)` tries them all; no test runner is needed."""

from collections.abc import Callable
from typing import Any

from pushforward.critics import Constraint
from pushforward.data import ColumnType
from pushforward.discrepancies import Discrepancy, Divergence
from pushforward.errors import Refused
from pushforward.fields import Field
from pushforward.kernels import Kernel
from pushforward.metrics import Metric
from pushforward.monotone import Monotone
from pushforward.networks import Network
from pushforward.samplers import Noise
from pushforward.testing import (
    column_types,
    constraints,
    discrepancies,
    divergences,
    fields,
    kernels,
    metrics,
    monotone,
    networks,
    noises,
    recipes,
)
from pushforward.testing.rule import Rule

ROOMS: dict[type, tuple[Rule, ...]] = {
    Kernel: kernels.LAWS,
    Discrepancy: discrepancies.LAWS,
    Divergence: divergences.LAWS,
    Field: fields.LAWS,
    Constraint: constraints.LAWS,
    Network: networks.LAWS,
    Metric: metrics.LAWS,
    Monotone: monotone.LAWS,
    Noise: noises.LAWS,
    ColumnType: column_types.LAWS,
}


def check(thing: Any) -> None:
    """Try every law of the room that a member belongs to; torch's generator is left as it was.

    Args:
        thing: a kernel, discrepancy, f-divergence, field, constraint, network plan, metric, increasing map, noise or
            type of column; a class of these whose options all have defaults; or a recipe, which is a function of a
            space.
    Raises:
        AssertionError: at the first law that is broken, with its name and how.
        Refused: for a thing that belongs to no room.
    Example:
        >>> from pushforward.kernels import Gaussian
        >>> check(Gaussian(2.0))
    """
    member = thing() if isinstance(thing, type) else thing
    for law in laws(member):
        law(member)


def laws(member: Any) -> tuple[Rule, ...]:
    """Return the laws that hold for a member.

    Raises:
        Refused: if it belongs to no room.
    """
    for room, rules in ROOMS.items():
        if isinstance(member, room):
            return rules
    if isinstance(member, Callable):  # type: ignore[arg-type]
        return recipes.LAWS
    known = ", ".join(room.__name__ for room in ROOMS)
    raise Refused(f"check takes a {known} or a recipe, got {type(member).__name__}; derive it from one of these.")


__all__ = ["Rule", "check", "laws"]
