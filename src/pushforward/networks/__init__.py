"""Plans: from a space and sizes to a network."""

from pushforward.networks.base import Network
from pushforward.networks.concatenated import Concatenated
from pushforward.networks.conv_pool import ConvPool
from pushforward.networks.dcgan import DCGAN
from pushforward.networks.maxout import Maxout
from pushforward.networks.mlp import MLP
from pushforward.networks.suited import Suited

__all__ = ["DCGAN", "MLP", "Concatenated", "ConvPool", "Maxout", "Network", "Suited"]
