"""Callables that give data or samples, called with the arguments that they take."""

from collections.abc import Callable, Iterator
from inspect import Parameter, signature
from typing import Any

import torch
from torch import nn

from pushforward.data.readers.array_objects import called
from pushforward.errors import Refused

AT_ONCE = 2**16
"""Samples that a callable is asked for in one call, at most."""

SEEDS = ("seed", "random_state", "random_seed", "rng")
PLACES = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)


def drawn(sample: Callable[..., Any], n: int, seed: int, said: list[str]) -> Any:
    """What one call gives; the batches of several, as an iterator, beyond AT_ONCE.

    Args:
        sample: of n and a seed, if it takes one: sample(n, seed), sample(n, random_state=…), sample(n), or the `sample`
            of a distribution of torch, which takes a shape.
        n: how many.
        seed: of the first call; those of others follow one another.
        said: takes the sentence that a callable without a seed draws otherwise each time.

    Raises:
        Refused: for a network, which is called on noise, and for a class.
    """
    if isinstance(sample, nn.Module | type):
        what = "a network, which is called on noise" if isinstance(sample, nn.Module) else "a class"
        raise Refused(
            f"samples must come from a function sample(n, seed), got {called(sample)}, {what}; wrap it in one."
        )
    ask = _asking(sample, said)
    return ask(n, seed) if n <= AT_ONCE else _several(ask, n, seed)


def made(make: Callable[[], Any], whose: str) -> Any:
    """What a callable without arguments gives.

    Raises:
        Refused: for one that needs arguments, and for a network.
    """
    if isinstance(make, nn.Module) or any(p.default is Parameter.empty and p.kind in PLACES for p in _parameters(make)):
        raise Refused(
            f"{whose} of type {called(make)} must be callable without arguments to be data; give what it makes."
        )
    return make()


def _several(ask: Callable[[int, int], Any], n: int, seed: int) -> Iterator[Any]:
    for i, start in enumerate(range(0, n, AT_ONCE)):
        yield ask(min(AT_ONCE, n - start), seed + i)


def _asking(sample: Callable[..., Any], said: list[str]) -> Callable[[int, int], Any]:
    """sample as a function of n and a seed."""
    own = getattr(sample, "__self__", None)
    if isinstance(own, torch.distributions.Distribution):
        return lambda n, seed: _seeded(sample, n, seed)
    taken = _parameters(sample)
    places = [p for p in taken if p.kind in PLACES]
    if not taken or any(p.kind is Parameter.VAR_POSITIONAL for p in taken):
        return sample
    if named := next((p.name for p in taken if p.name in SEEDS and p is not places[:1]), None):
        return lambda n, seed: sample(n, **{named: seed})
    if len(places) > 1 and places[1].default is Parameter.empty:
        return sample
    said.append(
        f"{getattr(sample, '__qualname__', called(sample))} takes no seed, so its samples differ from call to call."
    )
    return lambda n, seed: sample(n)


def _seeded(sample: Callable[..., Any], n: int, seed: int) -> Any:
    """Draws of torch's own generator, which is afterwards as it was."""
    with torch.random.fork_rng([]):
        torch.manual_seed(seed)
        return sample((n,))


def _parameters(function: Callable[..., Any]) -> list[Parameter]:
    """None known for what is written in C."""
    try:
        return list(signature(function).parameters.values())
    except (TypeError, ValueError):
        return []
