"""The plans that make networks from a space and sizes."""

from pushforward.networks.base import Head, Network, halvings_of, takes
from pushforward.networks.cells import Cells
from pushforward.networks.concatenated import Concatenated
from pushforward.networks.conditional import ClassNorm, Projection
from pushforward.networks.conditioners import Convolutional, Dense, Masked
from pushforward.networks.conv_pool import ConvPool
from pushforward.networks.dcgan import DCGAN
from pushforward.networks.known_prior import KnownPrior
from pushforward.networks.ladder import Ladder, levels_of
from pushforward.networks.masked_residual import MaskedResidual
from pushforward.networks.maxout import Maxout
from pushforward.networks.mlp import MLP
from pushforward.networks.opening import Opening, opening, openings
from pushforward.networks.pairs import Pairs
from pushforward.networks.residual import SNResNet
from pushforward.networks.sn_dcgan import SNDCGAN
from pushforward.networks.strided import LargeResNet, StridedDCGAN
from pushforward.networks.suited import Suited, convolved

__all__ = [
    "DCGAN",
    "MLP",
    "SNDCGAN",
    "Cells",
    "ClassNorm",
    "Concatenated",
    "ConvPool",
    "Convolutional",
    "Dense",
    "Head",
    "KnownPrior",
    "Ladder",
    "LargeResNet",
    "Masked",
    "MaskedResidual",
    "Maxout",
    "Network",
    "Opening",
    "Pairs",
    "Projection",
    "SNResNet",
    "StridedDCGAN",
    "Suited",
    "convolved",
    "halvings_of",
    "levels_of",
    "opening",
    "openings",
    "takes",
]
