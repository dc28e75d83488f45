"""The base of all loops in which one discrepancy is lowered, learnt or not."""

from abc import ABC
from collections.abc import Callable, Iterator, Mapping
from typing import ClassVar

import torch

from pushforward.critics import Adversarial
from pushforward.discrepancies import Discrepancy
from pushforward.errors import Refused
from pushforward.games.base import Game, Turn, agree_on_labels
from pushforward.samplers import Sampler
from pushforward.spaces import Batch, Space
from pushforward.tuning import Adam, Optimizer, steps_at


class Duel(Game, ABC):
    """A sampler, and the discrepancy to the data that it lowers; where that has a critic, they take turns or not.

    Args:
        space: of the points.
        sampler: g#µ.
        discrepancy: D.
        tune: the sampler's optimiser.
        critic_tune: the critic's; the sampler's if absent.
        batch_size: points of data, and samples, in a step.

    Raises:
        Refused: if a critic lies within the discrepancy, or labels would mean nothing.
    """

    reads_labels: ClassVar[bool] = False
    """Whether its loss reads labels whatever the discrepancy sees, as rebuilding a point of a class does."""

    def __init__(
        self,
        space: Space,
        sampler: Sampler,
        discrepancy: Discrepancy,
        tune: Optimizer = Adam(),
        critic_tune: Optimizer | None = None,
        batch_size: int = 64,
    ):
        super().__init__()
        if _has_critic_within(discrepancy):
            raise Refused(
                f"the critic within {type(discrepancy).__name__} would never learn; put multiples and summands inside, "
                "as in Adversarial(2 * D + E, f)."
            )
        if not self.reads_labels:
            agree_on_labels(space, sampler, discrepancy.f if isinstance(discrepancy, Adversarial) else None)
        self.space, self.sampler, self.discrepancy, self.batch_size = space, sampler, discrepancy, batch_size
        self.tune: Mapping[str, Optimizer] = {"sampler": tune, "critic": critic_tune or tune}

    def players(self) -> Iterator[tuple[str, torch.nn.Module]]:
        """Yield the sampler, and a discrepancy that learns by the name of what it learns: critic."""
        return (("critic" if m is self.discrepancy else name, m) for name, m in super().players())

    def raise_critic(self, batch: Callable[[], Batch], turn: Turn) -> None:
        """Let f ascend D of the two batches compared less its taxes, `critic_steps` times; never without a critic."""
        D = self.discrepancy
        for _ in range(steps_at(D.critic_steps, turn.number)):
            data = batch()
            with torch.no_grad():
                x, y = self.shown(data)
            D.project()
            turn.maximize(D, D.objective(x, y))  # type: ignore[arg-type]  # only a critic asks for steps

    def critic(self) -> tuple[Discrepancy, torch.nn.Module] | None:
        """Return the discrepancy behind the critic, and the critic."""
        D = self.discrepancy
        return (D.D, D.f) if isinstance(D, Adversarial) else None


def _has_critic_within(D: Discrepancy) -> bool:
    """Tell whether D is made of a discrepancy that learns, without learning itself."""
    parts = [] if isinstance(D, Adversarial) else [p for p in vars(D).values() if isinstance(p, Discrepancy)]
    return any(isinstance(p, Adversarial) or _has_critic_within(p) for p in parts)
