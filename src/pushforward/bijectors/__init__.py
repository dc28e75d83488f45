"""The invertible maps of points, with the logarithm of their determinant, that flows are put together from."""

from pushforward.bijectors.act_norm import ActNorm
from pushforward.bijectors.autoregressive import Autoregressive
from pushforward.bijectors.base import Bijector
from pushforward.bijectors.chain import Chain
from pushforward.bijectors.couplings import Couplings
from pushforward.bijectors.halves import Channels, Checkerboard, Halves, Interleaved
from pushforward.bijectors.inverted import Inverted
from pushforward.bijectors.logit import Logit
from pushforward.bijectors.mixing import Mixing
from pushforward.bijectors.multi_scale import MultiScale
from pushforward.bijectors.shaped import Flattened, Squeeze

__all__ = [
    "ActNorm",
    "Autoregressive",
    "Bijector",
    "Chain",
    "Channels",
    "Checkerboard",
    "Couplings",
    "Flattened",
    "Halves",
    "Interleaved",
    "Inverted",
    "Logit",
    "Mixing",
    "MultiScale",
    "Squeeze",
]
