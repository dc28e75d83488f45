"""A small and a large weight of the divergence in a variational autoencoder: what codes say, and what samples are.

    python docs/gallery/rate_distortion.py [OUT.png]        # and OUT.csv; two minutes of one thread

Data: the 8×8 digits. One `vae` with a code of two numbers and a normal likelihood of fixed deviation ½ is
fitted five times, with λ from 0.05 to 20. Rate is the mean of KL(q(z|x) ‖ N(0, I)) over the test part, in
nats; distortion the mean of −log p(x|z) at draws of q. Above are the codes of the test part at three weights, a
circle of one deviation about each; below, what 12 × 12 points decode to, spread by the quantiles of the prior; on
the right rates and distortions of all, with the line of equal sums through λ = 1.
"""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

import pushforward as pf
from pushforward.likelihoods import Gaussian
from pushforward.networks import MLP
from pushforward.samplers import Latent
from pushforward.tuning import Adam, Cosine

WEIGHTS, SHOWN, STEPS, SIDE = (0.05, 0.3, 1.0, 4.0, 20.0), (0.05, 1.0, 20.0), 3000, 12


@dataclass(frozen=True, eq=False)
class Fit:
    """One autoencoder.

    Args:
        weight: λ.
        rate: in nats.
        distortion: in nats.
        means: of the posterior at each test picture.
        scales: of the same.
        classes: of the pictures.
        plane: what codes of a grid decode to.
    """

    weight: float
    rate: float
    distortion: float
    means: np.ndarray
    scales: np.ndarray
    classes: np.ndarray
    plane: np.ndarray


def fitted(folder: Path, weight: float) -> Fit:
    """Fit an autoencoder, and look at its codes.

    Args:
        folder: of the runs.
        weight: λ.
    """
    data = pf.data.load("digits")
    game = pf.recipes.vae(data.space, MLP((128,)), 2, likelihood=Gaussian(0.5), conditional=False, beta=weight,
                          tune=Adam(2e-3, (0.9, 0.999), decay=Cosine(0.01)))  # fmt: skip
    run = pf.fit(game, data, steps=STEPS, run=folder / f"{weight}", quiet=True, verdict=False, threads=1,
                 probe_every=10**6)  # fmt: skip
    g, test = run.sampler("last"), data.test.all()
    assert isinstance(g, Latent)
    torch.manual_seed(0)
    with torch.no_grad():
        h = g.said(test.x)
        parts = g.posterior.divergence(h, g.prior)
        mean, log_variance = h.chunk(2, 1)
        costs = torch.stack([g.cost.loss(test.x, g.decoded(g.inferred(h).z)) for _ in range(20)])
        line = torch.special.ndtri((torch.arange(SIDE) + 0.5) / SIDE)
        plane = g.decode(torch.cartesian_prod(line, line))
    assert parts is not None  # in closed form
    assert test.label is not None  # of labelled digits
    return Fit(weight, float(parts.sum(1).mean()), float(costs.mean()), mean.numpy(), (log_variance / 2).exp().numpy(),
               test.label.numpy(), plane[:, 0].numpy())  # fmt: skip


def draw(fits: list[Fit], out: Path) -> None:
    """Draw codes above, what the plane decodes to below, and rates and distortions beside them."""
    from matplotlib import colormaps
    from matplotlib.figure import Figure
    from matplotlib.patches import Ellipse

    figure = Figure(figsize=(13.5, 7.2), dpi=90, layout="constrained")
    grid = figure.add_gridspec(2, len(SHOWN) + 1)
    points(figure.add_subplot(grid[:, -1]), fits)
    for column, fit in enumerate(f for f in fits if f.weight in SHOWN):
        above, below = (figure.add_subplot(grid[row, column]) for row in (0, 1))
        for mean, scale, label in zip(fit.means, fit.scales, fit.classes, strict=True):
            colour = colormaps["tab10"](int(label))
            above.add_patch(Ellipse(mean, 2 * scale[0], 2 * scale[1], color=colour, alpha=0.25, linewidth=0))
        above.scatter(*fit.means.T, s=3, c=fit.classes, cmap="tab10", vmin=0, vmax=9)
        for radius in (1, 2):
            above.add_patch(Ellipse((0, 0), 2 * radius, 2 * radius, fill=False, color="#3a3f45", linewidth=0.8))
        reach = max(3.0, 1.05 * float(np.abs(fit.means).max()))
        above.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal", xticks=[], yticks=[])
        title = f"λ = {fit.weight:g}: rate {fit.rate:.2f}, distortion {fit.distortion:.1f} nats"
        above.set_title(title, fontsize=10)
        tiles = np.pad(fit.plane, ((0, 0), (1, 1), (1, 1)), constant_values=-1.0).reshape(SIDE, SIDE, 10, 10)
        sheet = tiles.transpose(0, 2, 1, 3).reshape(10 * SIDE, 10 * SIDE)
        below.imshow(-sheet, cmap="gray")
        below.set_axis_off()
    figure.savefig(out)


def points(axes: Any, fits: list[Fit]) -> None:
    """Draw rates against distortions.

    Args:
        axes: to draw on.
        fits: one a weight, in their order.
    """
    axes.plot([f.rate for f in fits], [f.distortion for f in fits], "o-", color="#b5481f", linewidth=1)
    for i, fit in enumerate(fits):
        place = 6, -14 if i % 2 else 6  # of labels in turn, above and below
        axes.annotate(f"λ = {fit.weight:g}", (fit.rate, fit.distortion), place, textcoords="offset points", fontsize=9)
    (one,) = (f.rate + f.distortion for f in fits if f.weight == 1.0)
    axes.axline((0, one), slope=-1, color="#3a3f45", linewidth=0.8, linestyle=":")
    axes.set(xlabel="rate, nats", ylabel="distortion, nats", title="dotted: a sum as at λ = 1", xlim=(-0.5, 16))
    axes.set_ylim(bottom=min(f.distortion for f in fits) - 3)


def table(fits: list[Fit], out: Path) -> None:
    """Write the same figures for who reads tables."""
    lines = [f"{f.weight:g},{f.rate:.4g},{f.distortion:.4g},{f.rate + f.distortion:.4g}" for f in fits]
    out.write_text("\n".join(["weight,rate,distortion,loss", *lines]) + "\n")


if __name__ == "__main__":
    torch.set_num_threads(1)
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_suffix(".png")
    with tempfile.TemporaryDirectory() as runs:
        made = [fitted(Path(runs), weight) for weight in WEIGHTS]
    draw(made, place)
    table(made, place.with_suffix(".csv"))
    print(place.with_suffix(".csv").read_text())
