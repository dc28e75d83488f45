"""The samplers that decode a code: a point is a draw from p(x|z) with z from a prior, and an encoder says which z."""

from abc import ABC
from math import log
from typing import final

import torch
from jaxtyping import Float
from torch import Tensor, nn

from pushforward import ranks
from pushforward.distributions import Distribution
from pushforward.errors import Refused
from pushforward.likelihoods import Cost, Decoded, Likelihood
from pushforward.posteriors import Coded, Posterior
from pushforward.samplers.base import Sampler
from pushforward.samplers.lattice import dequantised, grain, grey_step
from pushforward.samplers.pushforward import labels_agree
from pushforward.spaces import Batch, Image, Space

AT_ONCE = 2**24
"""Coordinates that are decoded at a time when a bound is averaged over draws: 64 MB of float32."""


class Latent(Sampler, ABC):
    """x ~ p(·|d(z)), z ~ π, for a decoder d; an encoder e and a posterior q say which codes a point may have come from.

    The noise is (z, u), u uniform of the size of a point where p is a law and not a cost alone. The encoder takes no
    labels: a code is of a point, whether its class is known or not; the decoder may.

    Args:
        encoder: e, from points to what the posterior asks for.
        posterior: q.
        decoder: d, from codes to what the cost asks for; takes labels if it has a parameter called `label`.
        cost: p, or the cost of a reconstruction.
        prior: π, of the size of a code.
        space: of the points.
        classes: number of labels that the decoder takes; 0 for none.

    Raises:
        Refused: if codes are of another size than draws of the prior, or an encoder takes labels.
    """

    grain: Tensor

    def __init__(
        self,
        encoder: nn.Module,
        posterior: Posterior,
        decoder: nn.Module,
        cost: Cost,
        prior: Distribution,
        space: Space,
        classes: int = 0,
    ):
        super().__init__()
        labels_agree(encoder, 0, "the encoder of a sampler")
        if posterior.dim != prior.dim:
            raise Refused(f"codes must be of the prior's size, got {posterior.dim} and {prior.dim}.")
        self.encoder, self.posterior, self.decoder = encoder, posterior, decoder
        self.classes = labels_agree(decoder, classes, "the decoder of a sampler")
        self.cost, self.prior, self.space = cost, prior, space
        self.free = nn.Parameter(torch.zeros(cost.free(space)))
        low, high = space.range or (0.0, 0.0)
        self.grain = nn.Buffer(torch.full(space.shape, (high - low) / 255))
        self.centre = nn.Buffer(torch.zeros(space.shape))
        first = cost.first(self.centre, space)
        self.offset = None if first is None else nn.Parameter(torch.zeros_like(first))

    @final
    def draw_noise(self, n: int) -> Float[Tensor, "n k"]:
        z = self.prior.draw(n, device=self.device)
        if not isinstance(self.cost, Likelihood):
            return z
        return torch.cat([z, torch.rand(n, self.space.dim, device=z.device)], 1)

    @final
    def draw_codes(self, n: int, law: Distribution | None = None) -> Float[Tensor, "n k"]:
        """Return this process's n of the draws from a law that all processes draw together; from π if absent."""
        return ranks.share((law or self.prior).draw(n * ranks.size(), device=self.device))

    @final
    def push(self, z: Float[Tensor, "n k"], label: Tensor | None = None) -> Tensor:
        """Return draws from p(·|d(z)), or d(z) where there is no p."""
        code, u = z[:, : self.prior.dim], z[:, self.prior.dim :]
        decoded = self.decoded(code, label)
        if not isinstance(self.cost, Likelihood):
            return self.cost.mean(decoded)
        tiny = torch.finfo(u.dtype).eps
        return self.cost.draw(u.clamp(tiny / 2, 1 - tiny).view(-1, *self.space.shape), decoded)

    def prepare(self, x: Batch) -> None:
        """Take steps between values and the mean, and refuse data that the likelihood is none of."""
        self.centre.copy_(x.x.mean(0))
        if self.offset is not None and (first := self.cost.first(self.centre, self.space)) is not None:
            with torch.no_grad():
                self.offset.copy_(first)
        if self.cost.discrete:
            self.grain.zero_()
        elif isinstance(self.space, Image):
            self.grain.fill_(grey_step(x.x, *self.space.range))
        else:
            self.grain.copy_(grain(x.x))
            for _, place in self.space.choices:  # indicators are no numbers with steps
                self.grain[place] = 0.0
        self.cost.demand(x.x, self.space, self.grain.amax())

    @final
    def codes(self, x: Batch) -> Float[Tensor, "n k"]:
        """Return the code that stands for each point, the mean of the posterior."""
        return self.posterior.mean(self.said(x.x))

    @final
    def said(self, x: Tensor) -> Float[Tensor, "n s"]:
        """Return what the encoder says of points, of which it sees what is left without the mean of the data.

        With a background that is black, at −1, its first layer would have hundreds of offsets that move at once.
        In float32 at least: a divergence is a small difference of what is said.
        """
        h = self.encoder(x - self.centre)
        return h if h.dtype.itemsize >= 4 else h.float()

    @final
    def rebuilding(self, x: Batch) -> Float[Tensor, " n"]:
        """Return the cost of each point at the code that stands for it, in the unit of the cost."""
        points = self.cost.seen(x.x, self.space)
        return self.cost.loss(points, self.decoded(self.posterior.mean(self.said(points)), x.label))

    @final
    def decode(self, codes: Float[Tensor, "n k"], label: Tensor | None = None) -> Tensor:
        """Return the points that codes stand for: means, where there is a likelihood."""
        return self.cost.mean(self.decoded(codes, label))

    @final
    def decoded(self, codes: Float[Tensor, "n k"], label: Tensor | None = None) -> Decoded:
        """Return what the decoder says of codes.

        Raises:
            Refused: without labels for a decoder that takes them.
        """
        if self.classes and label is None:
            raise Refused("the decoder takes the class of each point, which these data do not name; give points and "
                          "labels, or fit with --conditional false.")  # fmt: skip
        v = self.decoder(codes, label.to(codes.device)) if self.classes and label is not None else self.decoder(codes)
        v = v if self.offset is None else v + self.offset
        return Decoded(v, self.space, self.free, self.grain.amax())

    @final
    def inferred(self, h: Tensor, by: Posterior | None = None) -> Coded:
        """Return this process's draws of codes, of all that processes draw together.

        Args:
            h: what the encoder says of each point.
            by: the law of codes; q if absent.
        """
        q = by or self.posterior
        return q(h, ranks.share(q.draw_noise(len(h) * ranks.size(), self.device)))

    @final
    def filled(self, x: Tensor) -> Tensor:
        """Return the points to be rebuilt: drawn where the likelihood draws, with noise in the steps of a density."""
        x = self.cost.seen(x, self.space)
        of_density = isinstance(self.cost, Likelihood) and not self.cost.discrete
        return dequantised(x, self.grain) if of_density else x


class Decoder(Latent):
    """A sampler with an encoder and without a density; see `Latent`.

    Its cost is none of a law, or its posterior has no density, so that nothing bounds the likelihood.
    """


class LatentModel(Latent):
    """A sampler with an encoder, whose log p(x) = log ∫ p(x|z) π(z) dz is bounded from below; see `Latent`.

    The bound is L_K = log 1/K Σ_k w_k, w_k = p(x|z_k) π(z_k)/q(z_k|x), z_k ~ q(·|x): K = 1 gives the evidence lower
    bound, and on average it rises with K, to log p(x). While it learns, the encoder's gradient is the doubly
    reparameterised one where q has a density at codes that are given: of the same mean, and of an error that does not
    grow with K.

    Source: Burda, Grosse, Salakhutdinov (2016), arXiv 1509.00519, equation 8; Tucker et al. (2019), arXiv 1810.04152,
        equation 8, for the gradient.
    """

    exact = False
    draws = 50
    training_draws = 1
    """K of the bound while it learns."""

    @property
    def discrete(self) -> bool:  # type: ignore[override]  # as the likelihood is
        """Whether the bound is of a probability of points of few values, not of a density."""
        return self.cost.discrete

    def log_prob(self, x: Batch) -> Float[Tensor, " n"]:
        """Return L_K of each point in nats, K being `draws`, or `training_draws` while it learns."""
        return self.bound(x, self.training_draws if self.training else self.draws)

    def bound(self, x: Batch, draws: int) -> Float[Tensor, " n"]:
        """Return L_K of each point in nats, some points at a time.

        Args:
            x: points.
            draws: K.
        """
        rows = max(1, AT_ONCE // (draws * self.space.dim))
        labels = [None] * len(x.x) if x.label is None else x.label.split(rows)
        parts = zip(x.x.split(rows), labels, strict=False)
        return torch.cat([self._log_mean_weight(p, label, draws) for p, label in parts])

    def _log_mean_weight(self, x: Tensor, label: Tensor | None, draws: int) -> Float[Tensor, " n"]:
        """Return L_K of a few points, some draws at a time where no gradient asks for all."""
        most = draws if torch.is_grad_enabled() else max(1, AT_ONCE // self.space.dim)
        sizes = [min(most, draws - done) for done in range(0, draws, most)]
        sums = torch.stack([self.log_weights(x, label, size).logsumexp(1) for size in sizes])
        return sums.logsumexp(0) - log(draws)

    def log_weights(self, x: Tensor, label: Tensor | None, draws: int) -> Float[Tensor, "n k"]:
        """Return log w_k in nats.

        Args:
            x: points.
            label: the class of each, for a decoder that takes one.
            draws: K, codes a point.
        """
        x, K = self.cost.seen(x, self.space), draws
        h, q = self.said(x).repeat_interleave(K, 0), self.posterior.with_density()
        coded = self.inferred(h, q)
        log_q = coded.log_prob
        assert log_q is not None  # a posterior with a density
        weights: list[Tensor] = []  # of the draws, known when gradients come back
        twice = K > 1 and torch.is_grad_enabled() and coded.z.requires_grad
        if twice and (known := q.log_prob(coded.z, h.detach())) is not None:
            log_q = known
            coded.z.register_hook(lambda gradient: gradient * weights[0])
        label = None if label is None else label.repeat_interleave(K)
        loss = self.cost.losses(x, self.decoded(coded.z, label), K)
        log_w = (self.prior.log_prob(coded.z) - log_q - loss).view(-1, K)
        weights.append(log_w.detach().softmax(1).view(-1, 1))
        return log_w
