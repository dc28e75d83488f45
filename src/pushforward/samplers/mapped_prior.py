"""The prior of codes that learns: a flow of noise, drawn from and with a density like others."""

from jaxtyping import Float
from torch import Generator, Tensor, nn

from pushforward.distributions import Device, Distribution
from pushforward.samplers.flow import Flow
from pushforward.spaces import Batch


class MappedPrior(nn.Module, Distribution):
    """z = f⁻¹(e), e of the flow's noise: a law of codes that learns beside encoder and decoder.

    Its divergence from a posterior has no closed form, so that it is always that of draws.

    Args:
        flow: f, of vectors.
    Source: Chen et al. (2017), arXiv 1611.02731, section 3.2.
    """

    def __init__(self, flow: Flow):
        super().__init__()
        self.flow = flow

    @property
    def dim(self) -> int:
        return self.flow.noise.dim

    def draw(self, n: int, generator: Generator | None = None, device: Device = None) -> Float[Tensor, "n d"]:
        return self.flow.push(self.flow.noise.draw(n, generator, device or self.flow.device))

    def log_prob(self, x: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
        return self.flow.log_prob(Batch(x))
