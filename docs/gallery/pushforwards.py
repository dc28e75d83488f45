"""Pushforwards of the uniform law, and densities that are fitted to samples of known ones.

    python docs/gallery/pushforwards.py [OUT.png]        # and OUT.csv; about a minute

Above: g#U(0, 1) for g(u) = u, u²/2 and Φ⁻¹(u), 20,000 draws as a histogram beside the exact density |dg⁻¹/dy|. Middle:
a mixture of three normal laws on the line, below two moons in the plane, and what five ways make of 2,000 draws of
each: a kernel density estimate, a mixture by EM, GAN-KDE (that estimate of samples of a GAN), RealNVP (which needs two
coordinates; on the line a spline as inverse CDF) and the triangular map, on the line an inverse CDF. The number is the
gap, the mean of log p − log q over 20,000 fresh draws, which is KL(p ‖ q), with its standard error.
"""

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from math import pi
from pathlib import Path

import numpy as np
import torch
from scipy.special import ndtri
from torch import Tensor

import pushforward as pf
from pushforward.data import TwoMoons
from pushforward.distributions import Device, Distribution
from pushforward.monotone import Spline

DRAWS, ROWS, FRESH = 20_000, 2_000, 20_000
TURNS = {"GAN": 2500, "flow": 1200}


@dataclass(frozen=True)
class Pushforward:
    """A function of a uniform number with the density of what comes out.

    Args:
        name: of the function.
        g: the function.
        density: of g(u), exactly.
        cdf: of g(u), exactly.
        ends: where it is drawn.
    """

    name: str
    g: Callable[[np.ndarray], np.ndarray]
    density: Callable[[np.ndarray], np.ndarray]
    cdf: Callable[[np.ndarray], np.ndarray]
    ends: tuple[float, float]


def normal_cdf(y: np.ndarray) -> np.ndarray:
    """Φ(y), by SciPy."""
    from scipy.special import ndtr

    return np.asarray(ndtr(y))


PUSHFORWARDS = (
    Pushforward("g(u) = u", lambda u: u, lambda y: np.ones_like(y), lambda y: y, (0.0, 1.0)),
    Pushforward("g(u) = u²/2", lambda u: u**2 / 2, lambda y: 1 / np.sqrt(2 * y), lambda y: np.sqrt(2 * y), (1e-3, 0.5)),
    Pushforward("g(u) = Φ⁻¹(u)", ndtri, lambda y: np.exp(-(y**2) / 2) / np.sqrt(2 * pi), normal_cdf, (-3.5, 3.5)),
)


def draws(g: Pushforward, n: int = DRAWS, seed: int = 0) -> np.ndarray:
    """Return n draws of g(u)."""
    return g.g(np.random.default_rng(seed).random(n))


@dataclass(frozen=True)
class Line(Distribution):
    """Σ_k w_k N(x; m_k, s_k²), three bumps on the line."""

    weights: tuple[float, ...] = (0.5, 0.3, 0.2)
    means: tuple[float, ...] = (-2.0, 0.5, 2.5)
    spreads: tuple[float, ...] = (0.6, 0.25, 0.4)

    @property
    def dim(self) -> int:
        return 1

    def draw(self, n: int, generator: torch.Generator | None = None, device: Device = None) -> Tensor:
        k = torch.multinomial(torch.tensor(self.weights), n, replacement=True, generator=generator)
        noise = torch.randn(n, generator=generator)
        return (torch.tensor(self.means)[k] + torch.tensor(self.spreads)[k] * noise)[:, None]

    def log_prob(self, x: Tensor) -> Tensor:
        weights, means, spreads = (
            torch.tensor(v, dtype=torch.float64) for v in (self.weights, self.means, self.spreads)
        )
        logs = torch.distributions.Normal(means, spreads).log_prob(x.double())
        return (logs + weights.log()).logsumexp(1)


LAWS: dict[str, Distribution] = {"the line": Line(), "the plane": TwoMoons()}


@dataclass(frozen=True, eq=False)
class Fitted:
    """A density that was fitted to draws of a law.

    Args:
        law: its name.
        way: how it was fitted.
        log_prob: at rows.
        gap: mean of log p − log q over fresh draws.
        error: of the gap.
    """

    law: str
    way: str
    log_prob: Callable[[np.ndarray], np.ndarray]
    gap: float
    error: float


def fitted(folder: Path) -> list[Fitted]:
    """Fit all ways to draws of both laws."""
    return [one for name in LAWS for one in ways(name, folder)]


def ways(name: str, folder: Path) -> list[Fitted]:
    """Fit all ways to draws of one law.

    Args:
        name: of the law.
        folder: of the runs.
    """
    law = LAWS[name]
    own = torch.Generator().manual_seed(0)
    data = pf.data.load(law.draw(ROWS, own).numpy())
    fresh = law.draw(FRESH, own)
    flow = pf.recipes.real_nvp(data.space) if law.dim > 1 else pf.recipes.triangular(data.space, cdf=Spline())
    games = {
        "kde": (pf.recipes.kde(data.space), 1),
        "mixture": (pf.recipes.gmm(data.space), 300),
        "GAN-KDE": (pf.recipes.gan(data.space), TURNS["GAN"]),
        "RealNVP" if law.dim > 1 else "spline": (flow, TURNS["flow"]),
        "triangular": (pf.recipes.triangular(data.space), TURNS["flow"]),
    }
    found = []
    for way, (game, turns) in games.items():
        run = pf.fit(game, data, steps=turns, run=folder / f"{name}-{way}", quiet=True, verdict=False, threads=1)
        log_prob = run.gan_kde if way == "GAN-KDE" else run.log_prob
        gaps = law.log_prob(fresh).numpy() - log_prob(fresh.numpy())
        found.append(Fitted(name, way, log_prob, float(gaps.mean()), float(gaps.std(ddof=1)) / len(gaps) ** 0.5))
    return found


def draw(found: list[Fitted], out: Path) -> None:
    """Draw histograms beside densities, curves on the line, and densities in the plane."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12, 8), dpi=90, layout="constrained")
    rows = figure.subfigures(3, 1)
    for ax, g in zip(rows[0].subplots(1, 3), PUSHFORWARDS, strict=True):
        y = np.linspace(*g.ends, 400)
        ax.hist(draws(g), bins=60, range=g.ends, density=True, color="#c7d3e6")
        ax.plot(y, g.density(y), color="#4c72b0")
        ax.set(title=g.name, ylim=(0, min(1.2 * g.density(y).max(), 8)))
    x = np.linspace(-4.5, 4.5, 600)[:, None]
    truth = LAWS["the line"].log_prob(torch.from_numpy(x)).exp().numpy()
    for ax, one in zip(rows[1].subplots(1, 5, sharey=True), (f for f in found if f.law == "the line"), strict=True):
        ax.fill_between(x[:, 0], truth, color="#dddddd", lw=0)
        ax.plot(x, np.exp(one.log_prob(x)), color="#c44e52", lw=1.2)
        ax.set_title(f"{one.way}: gap {one.gap:.3f}", fontsize=10)
    side = np.linspace(-2, 2, 120)
    grid = np.stack(np.meshgrid(side, side), -1).reshape(-1, 2)
    for ax, one in zip(rows[2].subplots(1, 5), (f for f in found if f.law == "the plane"), strict=True):
        ax.imshow(
            np.exp(one.log_prob(grid)).reshape(120, 120), extent=(-2, 2, -2, 2), origin="lower", vmax=0.8, cmap="Blues"
        )
        ax.set_title(f"{one.way}: gap {one.gap:.3f}", fontsize=10)
        ax.set_axis_off()
    figure.savefig(out)


def table(found: list[Fitted], out: Path) -> None:
    """Write the same figures for who reads tables."""
    lines = [f"{f.law},{f.way},{f.gap:.5g},{f.error:.2g}" for f in found]
    out.write_text("\n".join(["law,way,gap,error", *lines]) + "\n")


if __name__ == "__main__":
    torch.set_num_threads(1)
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_suffix(".png")
    with tempfile.TemporaryDirectory() as runs:
        made = fitted(Path(runs))
        draw(made, place)
    table(made, place.with_suffix(".csv"))
    print(place.with_suffix(".csv").read_text())
