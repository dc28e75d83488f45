"""The players and one step: the loop of a paper's algorithm box."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol, runtime_checkable

from torch import Tensor, nn

from pushforward.critics.base import represent
from pushforward.discrepancies import Discrepancy
from pushforward.errors import Refused
from pushforward.networks import takes
from pushforward.samplers import Coding, Sampler
from pushforward.spaces import Batch, Space
from pushforward.tuning import Optimizer

Player = nn.Module | tuple[nn.Module, ...]


@runtime_checkable
class Rows(Protocol):
    """The training part of the data, encoded."""

    def __len__(self) -> int: ...

    def all(self, limit: int | None = None) -> Batch:
        """Every row, or the first `limit`; they are in random order, so these are a fair sample."""


@runtime_checkable
class Turn(Protocol):
    """What a game may ask of whoever trains it. Only the turn touches optimisers."""

    @property
    def number(self) -> int:
        """Turns completed before this one."""

    def minimize(self, players: Player, loss: Tensor, **terms: Tensor | float) -> None:
        """One step of these players, and of no other, down the loss."""

    def maximize(self, players: Player, value: Tensor, **terms: Tensor | float) -> None:
        """One step of these players, and of no other, up the value."""

    def note(self, player: str, loss: Tensor | float, **terms: Tensor | float) -> None:
        """A record of a player that steps without an optimiser."""

    def together(self) -> AbstractContextManager[None]:
        """All gradients first, then all steps."""


class Game(nn.Module, ABC):
    """Players, each a named child, with the optimiser of each and one `step`.

    Attributes:
        space: of the points.
        sampler: what is being fitted.
        averaged: whether the average over turns of what is kept is better than the last state.
        turns: over after so many, whatever the budget; None for a game that can always go on.
        tune: optimiser of each player, by the child's name.
        batch_size: points of data, and samples, in a step.
        call: how a recipe was called to make this game; None for a game made by hand.
        stamp: what changes when a weight or an optimiser does; empty for a game made by hand.
    """

    sampler: Sampler
    space: Space
    tune: Mapping[str, Optimizer]
    batch_size: int
    call: Mapping[str, Any] | None = None
    stamp: str = ""
    turns: int | None = None
    averaged: bool = True

    @abstractmethod
    def step(self, batch: Callable[[], Batch], turn: Turn) -> None:
        """One turn: what happens between two steps of the sampler, and that step."""

    def players(self) -> Iterator[tuple[str, nn.Module]]:
        """The children that learn, by name."""
        return ((name, m) for name, m in self.named_children() if any(p.requires_grad for p in m.parameters()))

    @property
    def kept(self) -> dict[str, nn.Module]:
        """What is averaged, kept at the best state and handed out, by name: the sampler, and an encoder beside it."""
        return {"sampler": self.sampler}

    def coding(self) -> Coding | None:
        """What turns points into codes and back: the sampler, if it can; None without any."""
        return self.sampler if isinstance(self.sampler, Coding) else None

    def prepare(self, data: Rows) -> None:
        """Look at the training data once, before the first turn: for bandwidths, first means, or all rows at once."""

    def critic(self) -> tuple[Discrepancy, nn.Module] | None:
        """What compares data with samples, and the learnt representation in front of it; None without one."""
        return None

    def compared(self, x: Batch) -> tuple[Batch, Batch]:
        """Return the two batches that D, or its critic, compares at a batch of data: that one, and as many samples.

        A game whose critic looks at something else, such as codes and draws of a prior, says so here and nowhere else.
        """
        return x, self.sampler(len(x.x), x.label)

    def views(self, x: Batch) -> dict[str, Tensor]:
        """How players see points, by what is seen, for pictures: the critic's features; nothing without a critic."""
        found = self.critic()
        return {} if found is None else {"critic": represent(found[1], x)}


def agree_on_labels(space: Space, sampler: Sampler, f: nn.Module | None) -> None:
    """Nothing, if sampler and critic both take labels or neither does; without labelled data, a sampler may alone.

    Raises:
        Refused: if labels would mean nothing, or would be missing.
    """
    asked = f is not None and "label" in takes(f)
    if asked and not sampler.classes:
        raise Refused("a critic that takes labels needs a sampler that does; make both networks conditional.")
    if asked or not (sampler.classes and space.classes):
        return
    without = "its critic takes none" if f is not None else "no critic compares them"
    raise Refused(
        f"the sampler takes labels, which would mean nothing, since {without}; make both networks conditional."
    )
