"""A sampler with an encoder of features: a code is decoded to features, of which an invertible map makes a point."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext

import torch
from jaxtyping import Float
from torch import Tensor, nn

from pushforward import ranks
from pushforward.bijectors import Bijector
from pushforward.distributions import Distribution
from pushforward.likelihoods import Cost
from pushforward.posteriors import Coded
from pushforward.samplers.flow import SCALED
from pushforward.samplers.latent import LatentModel
from pushforward.samplers.stepped import Stepped
from pushforward.spaces import Batch, Space


class LatentFlow(Stepped):
    """x = f⁻¹(y), y ~ p(·|d(z)), z ~ π, for a bijector f of points to features and a `LatentModel` of these.

    log q(x) ≥ L_K(f(x)) + log |det ∂f/∂x|, L_K the bound of the features. With f the identity it is a `LatentModel`;
    without a code it would be a flow. What a critic is shown are means, f⁻¹(d(z)), which is another law than that of
    samples: it leaves out the noise of features, which no critic would let pass while it is large.

    Args:
        bijector: f, without labels.
        latent: of features, in their space; its decoder may take labels.
        shape: of a point.
        features_by_likelihood: whether the likelihood reaches f's weights.
        features_by_critic: whether a critic's loss does, which passes through f⁻¹ to the decoder in any case.
        means: whether a critic is shown means; else draws, as samples are.
    Source: Lucas, Shmelkov, Alahari, Schmid, Verbeek (2019), arXiv 1901.01091, section 4.
    """

    exact = False

    def __init__(
        self,
        bijector: Bijector,
        latent: LatentModel,
        shape: Sequence[int],
        features_by_likelihood: bool = True,
        features_by_critic: bool = False,
        means: bool = True,
    ):
        super().__init__(shape)
        self.bijector, self.latent, self.classes, self.draws = bijector, latent, latent.classes, latent.draws
        self.features_by_likelihood, self.features_by_critic = features_by_likelihood, features_by_critic
        self.means = means

    def draw_noise(self, n: int) -> Float[Tensor, "n k"]:
        return self.latent.draw_noise(n)

    def push(self, z: Float[Tensor, "n k"], label: Tensor | None = None) -> Tensor:
        return self._points(self.latent.push(z, label))

    def prepare(self, x: Batch) -> None:
        """Take steps between values, the first scales of f, and the mean of its features."""
        super().prepare(x)
        with torch.no_grad():
            self.latent.prepare(Batch(self._in_space(self.bijector.prepare(self.filled(x.x[:SCALED])))))

    def log_prob(self, x: Batch) -> Float[Tensor, " n"]:
        """Return L_K(f(x)) + log |det ∂f/∂x| in nats, K being `draws`, or 1 while it learns."""
        with self._held(not self.features_by_likelihood):
            y, log_det = self._features(x.x)
        return self.latent.log_prob(Batch(y, x.label)) + log_det

    def bound(self, x: Batch, draws: int) -> Float[Tensor, " n"]:
        """Return the same for K = `draws`."""
        y, log_det = self._features(x.x)
        return self.latent.bound(Batch(y, x.label), draws) + log_det

    def for_critic(self, n: int, label: Tensor | None = None) -> Batch:
        """Return n means, f⁻¹(d(z)), or samples if these are asked for; f is held where a critic is not to move it."""
        with self._held(not self.features_by_critic):
            if not self.means:
                return super().for_critic(n, label)
            if self.classes and label is None:
                label = ranks.share(torch.randint(self.classes, (n * ranks.size(),), device=self.device))
            return Batch(self.decode(self.draw_codes(n), label), label if self.classes else None)

    def codes(self, x: Batch) -> Float[Tensor, "n k"]:
        """Return the code that stands for each point, the mean of the posterior."""
        return self.latent.codes(Batch(self._features(x.x)[0]))

    def decode(self, codes: Float[Tensor, "n k"], label: Tensor | None = None) -> Tensor:
        """Return f⁻¹ of the features that codes stand for: f⁻¹(d(z)), no mean of points."""
        return self._points(self.latent.decode(codes, label))

    def said(self, x: Tensor) -> Float[Tensor, "n s"]:
        """Return what the encoder says of points, of which it sees the features."""
        return self.latent.said(self._features(x)[0])

    def inferred(self, h: Tensor) -> Coded:
        """Return this process's draws of codes; argument as of `Latent`."""
        return self.latent.inferred(h)

    def draw_codes(self, n: int) -> Float[Tensor, "n k"]:
        """Return this process's n of the draws from π that all processes draw together."""
        return self.latent.draw_codes(n)

    @property
    def prior(self) -> Distribution:
        """The law of codes, π."""
        return self.latent.prior

    @property
    def cost(self) -> Cost:
        """The law of features given a code, p."""
        return self.latent.cost

    @property
    def space(self) -> Space:
        """The space that features live in."""
        return self.latent.space

    def _features(self, x: Tensor) -> tuple[Tensor, Float[Tensor, " n"]]:
        y, log_det = self.bijector(x)
        return self._in_space(y), log_det

    def _in_space(self, y: Tensor) -> Tensor:
        return y.view(-1, *self.latent.space.shape)

    def _points(self, y: Tensor) -> Tensor:
        return self.bijector.inverse(y.flatten(1)).view(-1, *self.shape)

    def _held(self, hold: bool) -> AbstractContextManager[None]:
        """Let what is computed within pass through f without reaching its weights, if these are to be held."""
        return held(self.bijector) if hold else nullcontext()


@contextmanager
def held(module: nn.Module) -> Iterator[None]:
    """Let nothing that is computed within have a gradient in the module's weights.

    Args:
        module: whose weights are meant.
    """
    learnt = [p for p in module.parameters() if p.requires_grad]
    for p in learnt:
        p.requires_grad_(False)
    try:
        yield
    finally:
        for p in learnt:
            p.requires_grad_(True)
