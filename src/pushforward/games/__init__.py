"""The loops of the papers' algorithm boxes."""

from pushforward.games.autoencoding import Autoencoding
from pushforward.games.base import Game, Player, TrainingRows, Turn
from pushforward.games.clustered import Clustered
from pushforward.games.code_matching import CodeMatching
from pushforward.games.consistency import ConsistencyTraining
from pushforward.games.distillation import Distillation
from pushforward.games.drift import Drift
from pushforward.games.duel import Duel
from pushforward.games.empirical import EmpiricalFit
from pushforward.games.feature_matching import FeatureMatching
from pushforward.games.forest_matching import ForestMatching
from pushforward.games.hybrid import Hybrid
from pushforward.games.kernel_density import KernelDensityFit
from pushforward.games.likelihood import Likelihood
from pushforward.games.matching import Matching
from pushforward.games.mixture_em import MixtureEM
from pushforward.games.policy import BoundarySeekingPolicy
from pushforward.games.ratio_matching import RatioMatching
from pushforward.games.seen_cells import SeenCellsFit
from pushforward.games.simultaneous import Simultaneous
from pushforward.games.three_players import FeatureCost, Gate
from pushforward.games.whole import Whole

__all__ = [
    "Autoencoding",
    "BoundarySeekingPolicy",
    "Clustered",
    "CodeMatching",
    "ConsistencyTraining",
    "Distillation",
    "Drift",
    "Duel",
    "EmpiricalFit",
    "FeatureCost",
    "FeatureMatching",
    "ForestMatching",
    "Game",
    "Gate",
    "Hybrid",
    "KernelDensityFit",
    "Likelihood",
    "Matching",
    "MixtureEM",
    "Player",
    "RatioMatching",
    "SeenCellsFit",
    "Simultaneous",
    "TrainingRows",
    "Turn",
    "Whole",
]
