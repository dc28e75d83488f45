"""The labels that networks are told of: the classes of the data, clusters in their place, or none."""

from dataclasses import replace
from typing import Literal, TypeVar

from pushforward.errors import Refused
from pushforward.games import Clustered, Game
from pushforward.networks import Network, convolved
from pushforward.spaces import Space, without_classes

ClusterNumber = int | Literal["auto", "none"]
"""How many clusters of the training data stand in for labels: a number, `auto` or `none`."""

USUAL = 100
"""The number of clusters of unlabelled pictures that are made by convolutions."""

G = TypeVar("G", bound=Game)


def seen_space(space: Space, conditional: bool, *plans: Network | None, clusters: ClusterNumber = "none") -> Space:
    """Return the space that networks are made for: with the data's classes, with clusters as classes, or without any.

    Classes are told if that is wanted and all plans take labels; clusters, where the data have no classes.

    Args:
        space: of the data.
        conditional: whether labels are wanted.
        plans: of the networks; an absent one does not count.
        clusters: that stand in for labels; auto is 100 for pictures of 16 pixels and more a side, and none for others.

    Raises:
        Refused: for a single cluster, which says nothing.
    """
    if not isinstance(clusters, str) and clusters < 2:
        raise Refused(f"--clusters must be auto, none, or at least 2, got {clusters}.")
    if not (conditional and all(plan.takes_labels for plan in plans if plan is not None)):
        return without_classes(space)
    if space.classes or clusters == "none":
        return space
    number = clusters if isinstance(clusters, int) else USUAL if convolved(space) else 0
    return replace(space, classes=tuple(map(str, range(number))))  # type: ignore[type-var]


def with_clusters(space: Space, game: G, clusters: ClusterNumber) -> G | Clustered:
    """Return the game for the data's own space, with clusters in the place of classes that the data do not have.

    Args:
        space: of the data.
        game: for the space that `seen_space` gave.
        clusters: as `seen_space` was given; a number that was not asked for is lower where rows are few.
    """
    if game.space.classes and not space.classes:
        return Clustered(game) if clusters == "auto" else Clustered(game, members=None)
    game.space = space
    return game
