"""The likelihood of points by annealed importance sampling, for a decoder of a law whatever is known of its encoder."""

from collections.abc import Callable
from dataclasses import dataclass
from math import log, pi

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.likelihoods import Likelihood
from pushforward.samplers.latent import Latent
from pushforward.spaces import Batch

LogDensity = Callable[[Float[Tensor, "n k"]], Float[Tensor, " n"]]

MOMENTS = 64
"""Draws of the posterior whose mean and deviation the chains of a point begin with."""


@dataclass(frozen=True)
class Annealing:
    """log p(x) ≥ E log 1/C Σ_c w_c, w = Π_t (π p/r)(z_{t−1})^{β_t − β_{t−1}}, z_0 ~ r, z_t by a Markov step of f_{β_t}.

    f_β = r^{1−β} (π(z) p(x|z))^β, from a normal law r with the moments of the point's codes, or the prior where codes
    have no noise. E w = p(x) exactly but for the adaptation of steps; with many temperatures w hardly varies. A Markov
    step is Hamiltonian: leapfrog steps in units of r's deviations, of a length that is adapted for each point to an
    acceptance of 0.65, and a Metropolis decision.

    Args:
        temperatures: number of β_t from 0 to 1, at least 2; they are dense near both ends.
        chains: C, for each point, at least 2.
        leapfrog: steps of the Hamiltonian flow between two decisions, at least 1.
    Source: Neal (2001); Wu et al. (2017), arXiv 1611.04273, for decoders, schedule and adaptation.
    """

    temperatures: int = 500
    chains: int = 8
    leapfrog: int = 10

    def __post_init__(self) -> None:
        if not (self.temperatures >= 2 and self.chains >= 2 and self.leapfrog >= 1):
            given = f"{self.temperatures}, {self.chains} and {self.leapfrog}"
            raise Refused(f"Annealing needs 2 temperatures, 2 chains and 1 leapfrog step at least, got {given}.")

    @torch.no_grad()
    def __call__(self, sampler: Latent, x: Batch) -> tuple[Float[Tensor, " n"], Float[Tensor, " n"]]:
        """Return the estimate of log p(x) of each point in nats, and its standard error, by the spread of its chains.

        Args:
            sampler: in evaluation mode, with a likelihood and a prior that has a density.
            x: points, with labels for a decoder that takes them.

        Raises:
            Refused: for a cost that is no likelihood, or codes that are choices.
        """
        if not isinstance(sampler.cost, Likelihood):
            raise Refused("a squared error is the likelihood of nothing, so that no annealing finds one; fit a recipe "
                          "with --likelihood, such as vae or avb.")  # fmt: skip
        if not sampler.posterior.continuous:
            raise Refused("annealing moves codes a little at a time, and these are choices; ask for the bound, which "
                          "is by hard choices.")  # fmt: skip
        mean, scale = self._start(sampler, x.x)
        label = None if x.label is None else x.label.repeat_interleave(self.chains)
        joint = lambda z: sampler.prior.log_prob(z) - sampler.cost.losses(x.x, sampler.decoded(z, label), self.chains)
        log_w = self._weights(joint, mean, scale).view(-1, self.chains)
        w = log_w.softmax(1)
        stderr = (w.var(1) * self.chains).sqrt()  # of log of a mean: deviation over mean, over √C
        return log_w.logsumexp(1) - log(self.chains), stderr

    def _start(self, sampler: Latent, x: Tensor) -> tuple[Float[Tensor, "n k"], Float[Tensor, "n k"]]:
        """Return mean and deviation of r for each chain."""
        h = sampler.said(x).repeat_interleave(MOMENTS, 0)
        codes = sampler.posterior(h, sampler.posterior.draw_noise(len(h), h.device)).z.unflatten(0, (-1, MOMENTS))
        mean, scale = codes.mean(1), codes.std(1)
        if not scale.any():
            drawn = sampler.prior.draw(10_000, device=x.device)
            mean, scale = drawn.mean(0).expand_as(mean), drawn.std(0).expand_as(scale)
        scale = scale.clamp(min=1e-3)
        return mean.repeat_interleave(self.chains, 0), scale.repeat_interleave(self.chains, 0)

    def _weights(self, joint: LogDensity, mean: Tensor, scale: Tensor) -> Float[Tensor, " n"]:
        """Return log w of each chain."""
        log_r = lambda u: -(u.square() / 2 + scale.log() + log(2 * pi) / 2).sum(1)
        of_joint = lambda u: joint(mean + scale * u)
        u = torch.randn_like(mean)
        log_w, step = u.new_zeros(len(u)), u.new_full((len(u), 1), 0.1)
        rise = torch.linspace(-4, 4, self.temperatures, dtype=torch.float64).sigmoid()
        betas = ((rise - rise[0]) / (rise[-1] - rise[0])).tolist()
        ratio = of_joint(u) - log_r(u)
        for before, beta in zip(betas, betas[1:], strict=False):
            log_w += (beta - before) * ratio
            energy = lambda v, beta=beta: (1 - beta) * log_r(v) + beta * of_joint(v)  # of f_β, with its sign
            u, accepted = self._moved(energy, u, step)
            rate = accepted.view(-1, self.chains).mean(1).repeat_interleave(self.chains)[:, None]
            step = (step * torch.where(rate > 0.65, 1.05, 0.95)).clamp(1e-4, 2.0)
            ratio = of_joint(u) - log_r(u)
        return log_w

    def _moved(self, energy: LogDensity, u: Tensor, step: Tensor) -> tuple[Tensor, Tensor]:
        """Return the points after one Hamiltonian step, and which of them were accepted."""
        momentum = torch.randn_like(u)
        before, slope = _with_slope(energy, u)
        at, p, value = u, momentum, before
        for _ in range(self.leapfrog):
            p = p + step / 2 * slope
            at = at + step * p
            value, slope = _with_slope(energy, at)
            p = p + step / 2 * slope
        gain = value - before + (momentum.square() - p.square()).sum(1) / 2
        accepted = torch.rand_like(gain).log() < gain  # of no number: not accepted
        return torch.where(accepted[:, None], at, u), accepted.to(u.dtype)


def _with_slope(log_density: LogDensity, u: Tensor) -> tuple[Tensor, Tensor]:
    with torch.enable_grad():
        value = log_density(u := u.detach().requires_grad_())
        (slope,) = torch.autograd.grad(value.sum(), u)
    return value.detach(), slope
