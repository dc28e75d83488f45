"""A game for labelled data, played on data without labels: clusters stand in for classes."""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn

from pushforward import ranks
from pushforward.critics import DiffAugment
from pushforward.discrepancies import Discrepancy
from pushforward.errors import Refused
from pushforward.games.base import Game, TrainingRows, Turn
from pushforward.games.clusters import Clusters
from pushforward.samplers import Blend
from pushforward.spaces import Batch, without_classes

NUMBERS, ROWS = 50_000_000, 10_000
"""Coordinates of training rows, in all, that clusters are looked for in; rows that are sorted at a time."""


class Clustered(Game):
    """The game of a sampler g(z, c) with c the cluster of a point; samples are drawn by the clusters' shares.

        first:  c(x), the nearest of k centroids of the training rows;  π_c, how often it is the nearest
        repeat: the other game's turn, of data x with labels c(x)

    Nobody outside is told of clusters: a sample is g(z, c), c ~ π, without a label.

    Args:
        game: what is played, for a space whose classes are the clusters.
        members: training rows a cluster, at least: of fewer rows there are fewer clusters. None for as many clusters
            as classes, however few the rows.
    """

    clusters: Clusters
    sampler: Blend

    def __init__(self, game: Game, members: int | None = 50):
        super().__init__()
        self.game, self.members, self.space = game, members, without_classes(game.space)
        self.most = len(game.space.classes)
        self.clusters = Clusters(self.most, game.space.dim)
        self.sampler = Blend(game.sampler)
        self.tune, self.batch_size, self.averaged = game.tune, game.batch_size, game.averaged

    @property
    def features(self) -> Any:
        """The frozen features that the game that is played matches samples in; None where it has none."""
        return getattr(self.game, "features", None)

    @property
    def augmentable(self) -> bool:  # type: ignore[override]  # as of the game that is played
        """Whether pictures that the critic of the game that is played sees can be changed at random."""
        return self.game.augmentable

    @property
    def augment(self) -> DiffAugment | None:
        """The random changes that the game that is played makes."""
        return self.game.augment

    @augment.setter
    def augment(self, changes: DiffAugment | None) -> None:
        self.game.augment = changes

    @property
    def turns(self) -> int | None:  # type: ignore[override]  # as of the game that is played
        """The turns after which the game that is played is over; None if it can always go on."""
        return self.game.turns

    def number(self, rows: int) -> int:
        """Return how many clusters so many training rows have.

        Raises:
            Refused: for fewer rows than clusters that were asked for.
        """
        if self.members is None and rows < self.most:
            raise Refused(
                f"--clusters {self.most} needs as many training rows, got {rows}; ask for fewer, or for none."
            )
        return self.most if self.members is None else max(1, min(self.most, rows // self.members))

    def prepare(self, data: TrainingRows) -> None:
        """Find the clusters, by the first of several processes, and prepare the game that is played."""
        number, seed = self.number(len(data)), int(torch.randint(2**31 - 1, ()))
        x = data.all(max(NUMBERS // self.space.dim, number)).x.flatten(1)

        def found() -> dict[str, Tensor]:
            self.clusters.fit(x, number, seed)
            return {name: t.cpu() for name, t in self.clusters.state_dict().items()}

        self.clusters.load_state_dict(ranks.first(found))
        members = torch.cat([self.clusters(rows.to(self.sampler.device)) for rows in x.split(ROWS)])
        self.sampler.set_shares(members.bincount(minlength=self.most).float())
        self.game.prepare(data)

    def step(self, batch: Callable[[], Batch], turn: Turn) -> None:
        """Take one turn of the game that is played."""
        self.game.step(lambda: self._labelled(batch()), turn)

    def players(self) -> Iterator[tuple[str, nn.Module]]:
        """Return the players of the game that is played."""
        return self.game.players()

    def critic(self) -> tuple[Discrepancy, nn.Module] | None:
        """Return the critic of the game that is played."""
        return self.game.critic()

    def compared(self, x: Batch) -> tuple[Batch, Batch]:
        """Return what the game that is played compares, at the data with their clusters."""
        return self.game.compared(self._labelled(x))

    def views(self, x: Batch) -> dict[str, Tensor]:
        """Return how the players of the game that is played see points, with their clusters."""
        return self.game.views(self._labelled(x))

    def _labelled(self, x: Batch) -> Batch:
        return x._replace(label=self.clusters(x.x))
