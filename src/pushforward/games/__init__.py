"""The loops of the papers' algorithm boxes."""

from pushforward.games.base import Game, Player, Turn
from pushforward.games.code_matching import CodeMatching
from pushforward.games.duel import Duel
from pushforward.games.matching import Matching
from pushforward.games.policy import BoundarySeekingPolicy
from pushforward.games.ratio_matching import RatioMatching
from pushforward.games.simultaneous import Simultaneous

__all__ = [
    "BoundarySeekingPolicy",
    "CodeMatching",
    "Duel",
    "Game",
    "Matching",
    "Player",
    "RatioMatching",
    "Simultaneous",
    "Turn",
]
