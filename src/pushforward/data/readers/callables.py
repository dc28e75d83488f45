"""The callables that give data or samples, called with the arguments that they take."""

from collections.abc import Callable, Iterator
from inspect import Parameter, signature
from typing import Any

import torch
from torch import nn

from pushforward.data.readers.array_objects import type_name
from pushforward.errors import Refused

AT_ONCE = 2**16
"""Samples that a callable is asked for in one call, at most."""

SEEDS = ("seed", "random_state", "random_seed", "rng")
PLACES = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)


def call_sampler(sample: Callable[..., Any], n: int, seed: int, notes: list[str]) -> Any:
    """Call a sampler for n samples; for more than AT_ONCE, return an iterator over the batches of several calls.

    Args:
        sample: of n and a seed, if it takes one: sample(n, seed), sample(n, random_state=…), sample(n), or the `sample`
            of a distribution of torch, which takes a shape.
        n: how many.
        seed: of the first call; those of others follow one another.
        notes: takes the sentence that a callable without a seed draws otherwise each time.

    Raises:
        Refused: for a network, which is called on noise, and for a class.
    """
    if isinstance(sample, nn.Module | type):
        what = "a network, which is called on noise" if isinstance(sample, nn.Module) else "a class"
        raise Refused(
            f"samples must come from a function sample(n, seed), got {type_name(sample)}, {what}; wrap it in one."
        )
    draw = _with_seed(sample, notes)
    return draw(n, seed) if n <= AT_ONCE else _several(draw, n, seed)


def data_from(make: Callable[[], Any], whose: str) -> Any:
    """Return what a callable without arguments gives as data.

    Raises:
        Refused: for one that needs arguments, and for a network.
    """
    if isinstance(make, nn.Module) or any(p.default is Parameter.empty and p.kind in PLACES for p in _parameters(make)):
        raise Refused(
            f"{whose} of type {type_name(make)} must be callable without arguments to be data; give what it makes."
        )
    return make()


def _several(draw: Callable[[int, int], Any], n: int, seed: int) -> Iterator[Any]:
    for i, start in enumerate(range(0, n, AT_ONCE)):
        yield draw(min(AT_ONCE, n - start), seed + i)


def _with_seed(sample: Callable[..., Any], notes: list[str]) -> Callable[[int, int], Any]:
    """Return `sample` as a function of n and a seed."""
    owner = getattr(sample, "__self__", None)
    if isinstance(owner, torch.distributions.Distribution):
        return lambda n, seed: _seeded(sample, n, seed)
    parameters = _parameters(sample)
    positional = [p for p in parameters if p.kind in PLACES]
    if not parameters or any(p.kind is Parameter.VAR_POSITIONAL for p in parameters):
        return sample
    if seed_name := next((p.name for p in parameters if p.name in SEEDS and p is not positional[:1]), None):
        return lambda n, seed: sample(n, **{seed_name: seed})
    if len(positional) > 1 and positional[1].default is Parameter.empty:
        return sample
    notes.append(
        f"{getattr(sample, '__qualname__', type_name(sample))} takes no seed, so its samples differ from call to call."
    )
    return lambda n, seed: sample(n)


def _seeded(sample: Callable[..., Any], n: int, seed: int) -> Any:
    """Draw by torch's own generator, which is afterwards as it was."""
    with torch.random.fork_rng([]):
        torch.manual_seed(seed)
        return sample((n,))


def _parameters(function: Callable[..., Any]) -> list[Parameter]:
    """Return the parameters of a function; none for what is written in C."""
    try:
        return list(signature(function).parameters.values())
    except (TypeError, ValueError):
        return []
