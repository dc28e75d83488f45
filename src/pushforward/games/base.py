"""The players and one step: the loop of a paper's algorithm box."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol, runtime_checkable

from torch import Tensor, nn

from pushforward.critics.base import represent
from pushforward.discrepancies import Discrepancy
from pushforward.errors import Refused
from pushforward.samplers import Pushforward, takes_label
from pushforward.spaces import Batch, Space
from pushforward.tuning import Optimizer

Player = nn.Module | tuple[nn.Module, ...]


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

    def together(self) -> AbstractContextManager[None]:
        """All gradients first, then all steps."""


class Game(nn.Module, ABC):
    """Players, each a named child, with the optimiser of each and one `step`.

    Attributes:
        space: of the points.
        sampler: what is being fitted.
        tune: optimiser of each player, by the child's name.
        batch_size: points of data, and samples, in a step.
        call: how a recipe was called to make this game; None for a game made by hand.
        stamp: what changes when a weight or an optimiser does; empty for a game made by hand.
    """

    sampler: Pushforward
    space: Space
    tune: Mapping[str, Optimizer]
    batch_size: int
    call: Mapping[str, Any] | None = None
    stamp: str = ""

    @abstractmethod
    def step(self, batch: Callable[[], Batch], turn: Turn) -> None:
        """One turn: what happens between two steps of the sampler, and that step."""

    def players(self) -> Iterator[tuple[str, nn.Module]]:
        """The children that learn, by name."""
        return ((name, m) for name, m in self.named_children() if any(p.requires_grad for p in m.parameters()))

    def prepare(self, batch: Callable[[], Batch], data: Batch) -> None:
        """Look at the data once, before the first turn: bandwidths by the median, a frozen autoencoder's weights."""

    def critic(self) -> tuple[Discrepancy, nn.Module] | None:
        """What compares data with samples, and the learnt representation in front of it; None without one."""
        return None

    def project(self, x: Tensor, label: Tensor | None = None) -> Tensor | None:
        """The critic's features of points, for pictures of what it sees; None without a critic."""
        found = self.critic()
        return None if found is None else represent(found[1], Batch(x, label))


def agree_on_labels(space: Space, sampler: Pushforward, f: nn.Module | None) -> None:
    """Nothing, if sampler and critic both take labels or neither does; without labelled data, a sampler may alone.

    Raises:
        Refused: if labels would mean nothing, or would be missing.
    """
    asked = f is not None and takes_label(f)
    if asked and not sampler.classes:
        raise Refused("a critic that takes labels needs a sampler that does; make both networks conditional.")
    if asked or not (sampler.classes and space.classes):
        return
    without = "its critic takes none" if f is not None else "no critic compares them"
    raise Refused(
        f"the sampler takes labels, which would mean nothing, since {without}; make both networks conditional."
    )
