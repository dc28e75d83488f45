"""The classes of samples: one that is asked for, shares that are asked for, or those of the training data."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

import torch
from torch import Tensor

from pushforward.errors import Refused, nearest
from pushforward.training import subseed

Label = str | int | None
"""The class of all samples, by name or number."""

Shares = Mapping[Any, int | float] | str | None
"""The weights of classes by name or number; as text `even`, or NAME=WEIGHT with commas between."""


def classes_asked(
    names: Sequence[str],
    n: int,
    seed: int,
    label: Label = None,
    shares: Shares = None,
    usual: Sequence[float] | None = None,
) -> Tensor | None:
    """Return the class of each of n samples; None where none is asked for and no shares are known.

    Args:
        names: of the classes that the sampler takes, in order; empty for one that takes no labels.
        n: number of samples.
        seed: of the draw.
        label: class of all, by name or number.
        shares: weights by which classes are drawn; a class that is not named is not drawn.
        usual: shares where neither is given.

    Raises:
        Refused: for a class that there is not, a weight that is none, both at once, or a sampler without labels.
    """
    if label is not None and shares is not None:
        raise Refused(
            f"--label {label} and --shares were both given; --label asks for one class, --shares for several."
        )
    if not names and (label is not None or shares is not None):
        asked = f"--label {label} was" if label is not None else "--shares were"
        raise Refused(f"{asked} asked for, but this run's sampler takes no labels; leave it out.")
    if label is not None:
        return torch.full((n,), _place(label, names))
    weights = _weights(shares, names) if shares is not None else usual
    if weights is None or not names:
        return None
    own = torch.Generator().manual_seed(subseed(seed, "labels"))
    return torch.multinomial(torch.tensor(weights), n, replacement=True, generator=own)


def _weights(shares: Mapping[Any, int | float] | str, names: Sequence[str]) -> list[float]:
    """Return one weight a class."""
    if shares == "even":
        return [1.0] * len(names)
    given = dict(_entry(part) for part in shares.split(",")) if isinstance(shares, str) else shares
    weights = [0.0] * len(names)
    for name, weight in given.items():
        sound = isinstance(weight, int | float) and isfinite(weight) and weight >= 0
        if not sound:
            raise Refused(f"--shares of class {name!r} must be a weight of at least 0, got {weight!r}.")
        weights[_place(name, names)] = float(weight)
    if not sum(weights) > 0:
        raise Refused("--shares must give some class a weight above 0, and gives none; `even` is all alike.")
    return weights


def _entry(part: str) -> tuple[str, float]:
    """Return the class and the weight of NAME=WEIGHT."""
    name, equals, weight = part.strip().rpartition("=")
    try:
        return name, float(weight if equals else "")
    except ValueError:
        raise Refused(
            f"--shares takes `even`, or NAME=WEIGHT with commas between, such as cat=2,dog=1, got {part!r}."
        ) from None


def _place(name: str | int, names: Sequence[str]) -> int:
    """Return the number of a class: of that name, of a name that is the same number, or, where no name is one, its own.

    Raises:
        Refused: for none of them, with the nearest.
    """
    if str(name) in names:
        return list(names).index(str(name))
    asked, numbers = _number(name), [_number(known) for known in names]
    if asked is not None and asked in numbers:
        return numbers.index(asked)
    if isinstance(name, int) and 0 <= name < len(names) and set(numbers) == {None}:
        return name
    raise Refused(f"no class '{name}' in this run's data; {nearest(str(name), list(names))}")


def _number(name: str | int) -> float | None:
    """Return the number that a class is called by, such as 0 of 0.0; None for a word."""
    try:
        number = float(name)
    except ValueError:
        return None
    return number if isfinite(number) else None
