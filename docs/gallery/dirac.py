"""The smallest adversarial game: data are one point at 0, samples one point at θ, the critic has one weight ψ.

    python docs/gallery/dirac.py [OUT.png]          # and OUT.csv

Draws, for every method, the field (θ̇, ψ̇) that its players follow and three trajectories from (1, 1): both players at
once, and the critic one or five steps ahead. The fields come from the library's own discrepancies and constraints by
automatic differentiation; beside them stand the closed forms, which the script compares and `tests` check.

Source: Mescheder, Geiger, Nowozin (2018), sections 2 and 3, arXiv:1801.04406, for the game and its GANs; the closed
forms of the kernel methods follow from k(0, ψθ) = exp(−ψ²θ²/2) alone.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.polynomial.hermite_e import hermegauss
from numpy.polynomial.legendre import leggauss
from torch import Tensor, nn

from pushforward.critics import (
    Adversarial,
    Clipping,
    Constraint,
    GradientConstrained,
    GradientPenalty,
    Scaling,
    SpectralNorm,
    ZeroCentred,
)
from pushforward.discrepancies import MMD, Biased, Discrepancy, JensenShannon, MeanDifference
from pushforward.kernels import Gaussian
from pushforward.spaces import Batch

STEP, TURNS = 0.2, 500
NOISE = 0.7  # standard deviation of instance noise
GAUSSIAN = MMD(Gaussian(1.0), Biased())
Field = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]


@dataclass(frozen=True)
class Method:
    """One panel.

    Args:
        title: above it.
        D: the discrepancy.
        closed: the field, derived by hand.
        constraints: of the critic.
        sign: the critic is sign·ψ·x; −1 gives the pictures of the GAN papers, whose critic calls samples positive.
        points: stand-ins for the data's one point, and around θ for the sample's: 0, or quantiles of noise.
    """

    title: str
    D: Discrepancy
    closed: Field
    constraints: tuple[Constraint, ...] = ()
    sign: float = 1.0
    points: Tensor = torch.zeros(1)

    def game(self, psi: float) -> Adversarial:
        """The critic at ψ behind its constraints."""
        f = nn.Linear(1, 1, bias=False, dtype=torch.float64)
        nn.init.constant_(f.weight, self.sign * psi)
        return Adversarial(self.D, f, *self.constraints)

    def velocity(self, theta: float, psi: float) -> tuple[float, float]:
        """(θ̇, ψ̇) of the library: down the sampler's loss, up the critic's objective."""
        game, t = self.game(psi), torch.tensor(theta, dtype=torch.float64, requires_grad=True)
        x, y = self.points.double()[:, None], (self.points.double() + t)[:, None]
        (down,) = torch.autograd.grad(game.loss(Batch(x), Batch(y)), t, materialize_grads=True)
        up = torch.autograd.grad(game.objective(Batch(x), Batch(y.detach())), list(game.f.parameters()))[0]
        return -down.item(), self.sign * up.item()

    def projected(self, psi: float) -> float:
        """ψ after the critic's constraints have forced it back."""
        game = self.game(psi)
        game.project()
        return self.sign * next(iter(game.f.parameters())).item()


def gan(theta: Tensor, psi: Tensor) -> tuple[Tensor, Tensor]:
    """The minimax game."""
    return -psi * torch.sigmoid(-psi * theta), theta * torch.sigmoid(-psi * theta)


def non_saturating(theta: Tensor, psi: Tensor) -> tuple[Tensor, Tensor]:
    """The same critic, and a sampler that raises what it is taken for."""
    return -psi * torch.sigmoid(psi * theta), gan(theta, psi)[1]


def wasserstein(theta: Tensor, psi: Tensor) -> tuple[Tensor, Tensor]:
    """The bilinear game."""
    return -psi, theta


def penalised(theta: Tensor, psi: Tensor) -> tuple[Tensor, Tensor]:
    """Slope near 1 between the points: 0.35·(|ψ| − 1)²."""
    return -psi, theta - 0.7 * psi.sign() * (psi.abs() - 1)


def flattened(strength: float) -> Field:
    """The minimax game less strength/2·ψ²."""
    return lambda theta, psi: (gan(theta, psi)[0], gan(theta, psi)[1] - strength * psi)


def noisy(theta: Tensor, psi: Tensor) -> tuple[Tensor, Tensor]:
    """Expectations over N(0, NOISE²) at both points, by Gauss–Hermite quadrature."""
    nodes, weights = (torch.from_numpy(a) for a in hermegauss(80))
    weights, z = weights / weights.sum(), NOISE * nodes
    y, psi = theta[..., None] + z, psi[..., None]
    down = -(weights * psi * torch.sigmoid(-psi * y)).sum(-1)
    return down, (weights * (y * torch.sigmoid(-psi * y) - z * torch.sigmoid(psi * z))).sum(-1)


def mmd(theta: Tensor, psi: Tensor) -> tuple[Tensor, Tensor]:
    """MMD² = 2(1 − e), e = exp(−ψ²θ²/2)."""
    e = torch.exp(-((psi * theta) ** 2) / 2)
    return -2 * psi**2 * theta * e, 2 * psi * theta**2 * e


def scaled(theta: Tensor, psi: Tensor) -> Tensor:
    """2(1 − e)/(λ + 1 + ψ²), λ = 1."""
    return 2 * (1 - torch.exp(-((psi * theta) ** 2) / 2)) / (2 + psi**2)


def constrained(theta: Tensor, psi: Tensor) -> Tensor:
    """[2(1 − e) − (1 − e)²/(1 + λ) − (ψ²θe)²/(ψ² + λ)]/λ, λ = 1."""
    e = torch.exp(-((psi * theta) ** 2) / 2)
    return 2 * (1 - e) - (1 - e) ** 2 / 2 - (psi**2 * theta * e) ** 2 / (psi**2 + 1)


def witness_taxed(theta: Tensor, psi: Tensor) -> Tensor:
    """MMD² less E_u (|η′(uθ)| − 1)², η(t) = exp(−ψ²t²/2) − exp(−ψ²(t − θ)²/2); the tax is the critic's alone."""
    nodes, weights = (torch.from_numpy(a) for a in leggauss(60))
    t, p = (nodes + 1) / 2 * theta.detach()[..., None], psi[..., None]
    s = t - theta.detach()[..., None]
    slope = -(p**2) * (t * torch.exp(-((p * t) ** 2) / 2) - s * torch.exp(-((p * s) ** 2) / 2))
    tax = (weights / 2 * (slope.abs() - 1) ** 2).sum(-1)
    return 2 * (1 - torch.exp(-((psi * theta) ** 2) / 2)) - tax


def field_of(value: Callable[[Tensor, Tensor], Tensor]) -> Field:
    """Down in θ and up in ψ."""

    def field(theta: Tensor, psi: Tensor) -> tuple[Tensor, Tensor]:
        theta, psi = (v.detach().requires_grad_() for v in torch.broadcast_tensors(theta, psi))
        down, up = torch.autograd.grad(value(theta, psi).sum(), (theta, psi))
        return -down, up

    return field


def normalised(theta: Tensor, psi: Tensor) -> tuple[Tensor, Tensor]:
    """|ψ| = 1 by force: nothing is left to learn."""
    return -psi.sign(), torch.zeros_like(psi * theta)


QUANTILES = NOISE * torch.distributions.Normal(0, 1).icdf((torch.arange(4000) + 0.5) / 4000)
METHODS = (
    Method("GAN, minimax", JensenShannon(saturating=True), gan, sign=-1),
    Method("GAN, non-saturating", JensenShannon(), non_saturating, sign=-1),
    Method("WGAN, clipped at 1", MeanDifference(), wasserstein, (Clipping(1.0),), sign=-1),
    Method("WGAN-GP", MeanDifference(), penalised, (GradientPenalty(0.35),), sign=-1),
    Method("GAN + R1, γ = 0.3", JensenShannon(saturating=True), flattened(0.3), (ZeroCentred(0.3),), sign=-1),
    Method("GAN + R1, γ = 1", JensenShannon(saturating=True), flattened(1.0), (ZeroCentred(1.0),), sign=-1),
    Method("GAN + instance noise 0.7", JensenShannon(saturating=True), noisy, sign=-1, points=QUANTILES),
    Method("MMD GAN, Gaussian", GAUSSIAN, mmd),
    Method("MMD GAN-GP", GAUSSIAN, field_of(witness_taxed), (GradientPenalty(1.0),), points=torch.zeros(1000)),
    Method("Scaled MMD, λ = 1", GAUSSIAN, field_of(scaled), (Scaling(1.0, 1.0, 1.0),)),
    Method("Gradient-constrained MMD, λ = 1", GAUSSIAN, field_of(constrained), (GradientConstrained(1.0),)),
    Method("WGAN, spectral norm", MeanDifference(), normalised, (SpectralNorm(),), sign=-1),
)


def trajectory(method: Method, critic_steps: int) -> np.ndarray:
    """(θ, ψ) of TURNS turns of the closed form: both at once for 0 critic steps, else the critic first."""
    theta, psi = 1.0, 1.0
    path = [(theta, psi)]
    for _ in range(TURNS):
        down, up = _moved(method, theta, psi)
        if critic_steps == 0:
            theta, psi = (
                theta + STEP * down,
                method.projected(psi + STEP * up) if method.constraints else psi + STEP * up,
            )
        else:
            for _ in range(critic_steps):
                psi += STEP * _moved(method, theta, psi)[1]
                psi = method.projected(psi) if method.constraints else psi
            theta += STEP * _moved(method, theta, psi)[0]
        path.append((theta, psi))
    return np.array(path)


def _moved(method: Method, theta: float, psi: float) -> tuple[float, float]:
    down, up = method.closed(*(torch.tensor(v, dtype=torch.float64) for v in (theta, psi)))
    return down.item(), up.item()


def worst(method: Method, points: np.ndarray) -> float:
    """The largest difference between the library's field and the closed form at those (θ, ψ)."""
    pairs = [(method.velocity(*p), _moved(method, *p)) for p in points.tolist()]
    return float(np.abs(np.array([a for a, _ in pairs]) - np.array([b for _, b in pairs])).max())


def draw(out: Path) -> None:
    """All panels into one picture; the figures on the terminal, and in a table beside the picture."""
    from matplotlib.figure import Figure

    grid = np.linspace(-2, 2, 10)
    theta, psi = (torch.from_numpy(a) for a in np.meshgrid(grid, grid))
    figure = Figure(figsize=(13, 10), dpi=90, layout="constrained")
    some = np.random.default_rng(0).uniform(-2, 2, (10, 2))
    table = ["method,differs,at_once,one_ahead,five_ahead"]
    print(f"{'method':34} {'field differs by':>16}   |θ| at the end: at once, 1 critic step, 5")
    for ax, method in zip(figure.subplots(3, 4).flat, METHODS, strict=True):
        down, up = method.closed(theta, psi)
        down, up = down.numpy(), up.numpy()
        size = np.hypot(down, up).clip(1e-9)
        ax.quiver(theta, psi, down / size, up / size, size, cmap="Greys", clim=(-1, 3), scale=25, width=0.004)
        ends = []
        for critic_steps, colour in ((0, "#c44e52"), (1, "#4c72b0"), (5, "#55a868")):
            path = trajectory(method, critic_steps)
            ends.append(abs(path[-1, 0]))
            ax.plot(*path.T, color=colour, lw=1, label=f"{critic_steps} ahead" if critic_steps else "at once")
        ax.plot(1, 1, "k.")
        ax.set(xlim=(-2.2, 2.2), ylim=(-2.2, 2.2), title=method.title, xlabel="θ", ylabel="ψ")
        off = worst(method, some)
        table.append(",".join([f'"{method.title}"', *(f"{v:.5g}" for v in (off, *ends))]))
        print(f"{method.title:34} {off:16.1e}   " + ", ".join(f"{e:.3g}" for e in ends))
    figure.axes[0].legend(fontsize=8, loc="lower left")
    figure.savefig(out)
    out.with_suffix(".csv").write_text("\n".join(table) + "\n")


if __name__ == "__main__":
    draw(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_suffix(".png"))
