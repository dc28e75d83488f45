"""The players and one step: the loop of a paper's algorithm box."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, ClassVar, Protocol, runtime_checkable

from torch import Tensor, nn

from pushforward.critics import DiffAugment
from pushforward.critics.base import represent
from pushforward.discrepancies import Discrepancy
from pushforward.errors import Refused
from pushforward.networks import takes
from pushforward.samplers import Coding, Sampler
from pushforward.spaces import Batch, Space
from pushforward.tuning import Optimizer

Player = nn.Module | tuple[nn.Module, ...]


@runtime_checkable
class TrainingRows(Protocol):
    """The training part of the data, encoded."""

    def __len__(self) -> int: ...

    def all(self, limit: int | None = None) -> Batch:
        """Return every row, or the first `limit`; they are in random order, so these are a fair sample."""


@runtime_checkable
class Turn(Protocol):
    """The services that a game may ask of whoever trains it; only the turn touches optimisers."""

    @property
    def number(self) -> int:
        """The number of turns completed before this one."""

    def minimize(self, players: Player, loss: Tensor, **terms: Tensor | float) -> None:
        """Take one step of these players, and of no other, down the loss."""

    def maximize(self, players: Player, value: Tensor, **terms: Tensor | float) -> None:
        """Take one step of these players, and of no other, up the value."""

    def note(self, player: str, loss: Tensor | float, **terms: Tensor | float) -> None:
        """Record a player that steps without an optimiser."""

    def together(self) -> AbstractContextManager[None]:
        """Take all gradients first, then all steps."""


class Game(nn.Module, ABC):
    """A game of players, each a named child, with the optimiser of each and one `step`.

    Attributes:
        space: of the points.
        sampler: what is being fitted.
        by_likelihood: whether the state that is handed over is chosen by the likelihood of the validation part, or
            where that has only a bound, by the one of a single code a point, or of ten by a law that stands for q.
        by_rebuilding: whether it is chosen by how well points of the validation part are rebuilt from their codes; of
            neither, samples choose it.
        patience: probes in a row that find worse states than the best, by more than chance, after which training ends;
            0 for never.
        augment: random changes of the pictures that the critic is trained on; None for none.
        clip_norm: largest norm of a player's gradient, unless `fit` is told another; None for no bound.
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
    augment: DiffAugment | None = None
    clip_norm: float | None = None
    by_likelihood: bool = False
    by_rebuilding: bool = False
    patience: int = 0
    augmentable: ClassVar[bool] = False
    """Whether its step asks `shown` for everything that its critic is trained on."""

    @abstractmethod
    def step(self, batch: Callable[[], Batch], turn: Turn) -> None:
        """Take one turn: what happens between two steps of the sampler, and that step."""

    def players(self) -> Iterator[tuple[str, nn.Module]]:
        """Return the children that learn, by name."""
        return ((name, m) for name, m in self.named_children() if any(p.requires_grad for p in m.parameters()))

    @property
    def kept(self) -> dict[str, nn.Module]:
        """The modules that are averaged, kept at the best state and handed out, by name: the sampler, an encoder."""
        return {"sampler": self.sampler}

    def coding(self) -> Coding | None:
        """Return what turns points into codes and back: the sampler, if it can; None without any."""
        return self.sampler if isinstance(self.sampler, Coding) else None

    def prepare(self, data: TrainingRows) -> None:
        """Read the training data once, before the first turn: for bandwidths, first means, or all rows at once."""

    def critic(self) -> tuple[Discrepancy, nn.Module] | None:
        """Return what compares data with samples, and the learnt representation in front of it; None without one."""
        return None

    def compared(self, x: Batch) -> tuple[Batch, Batch]:
        """Return the two batches that D, or its critic, compares at a batch of data: that one, and as many samples.

        A game whose critic looks at something else, such as codes and draws of a prior, says so here and nowhere else.
        """
        return x, self.sampler.for_critic(len(x.x), x.label)

    def shown(self, x: Batch) -> tuple[Batch, Batch]:
        """Return the two batches compared as a critic that learns is shown them: augmented, if that is asked for."""
        x, y = self.compared(x)
        if self.augment is None or self.space.range is None:
            return x, y
        low, high = self.space.range
        return x._replace(x=self.augment(x.x, low, high)), y._replace(x=self.augment(y.x, low, high))

    def views(self, x: Batch) -> dict[str, Tensor]:
        """Return how players see points, by what is seen, for pictures: the critic's features, if there is a critic."""
        critic = self.critic()
        return {} if critic is None else {"critic": represent(critic[1], x)}


def agree_on_labels(space: Space, sampler: Sampler, f: nn.Module | None) -> None:
    """Refuse labels for only one of sampler and critic; without labelled data, a sampler may take them alone.

    Raises:
        Refused: if labels would mean nothing, or would be missing.
    """
    critic_takes = f is not None and "label" in takes(f)
    if critic_takes and not sampler.classes:
        raise Refused("a critic that takes labels needs a sampler that does; make both networks for the same space.")
    if critic_takes or not (sampler.classes and space.classes):
        return
    without = "its critic takes none" if f is not None else "no critic compares them"
    raise Refused(
        f"the sampler takes labels, which would mean nothing, since {without}; make its network for the space without "
        "classes, pushforward.spaces.without_classes(space)."
    )
