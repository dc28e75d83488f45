"""The loops of the papers' algorithm boxes."""

from pushforward.games.base import Game, Player, Turn
from pushforward.games.code_matching import CodeMatching
from pushforward.games.matching import Matching
from pushforward.games.ratio_matching import RatioMatching

__all__ = ["CodeMatching", "Game", "Matching", "Player", "RatioMatching", "Turn"]
