"""Four points with a code of two numbers: codes of each point by a Gaussian posterior and by one of any form.

    python docs/gallery/four_points.py [OUT.png]        # and OUT.csv; a minute of one thread

Data: the four unit vectors, equally likely, so that log p is at most −log 4. The decoder is 2-64-64-64-4 with
four Bernoulli outputs; `vae` has a Gaussian posterior, `avb` one of any form, by a critic, with the prior as
contrast; 5,000 turns of each. Above are draws of q(z|x), a colour for each point; below, the true posterior of
the same decoder, by Bayes' rule on a lattice of codes, over which log p is summed exactly too.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

import pushforward as pf
from pushforward.games import Game
from pushforward.likelihoods import Bernoulli
from pushforward.networks import MLP
from pushforward.samplers import Latent
from pushforward.spaces import Batch, Image
from pushforward.training import Turn
from pushforward.tuning import Adam

TURNS, DRAWS, REACH, SIDE = 5_000, 1_500, 3.4, 241
POINTS = torch.eye(4).view(4, 1, 2, 2)
COLOURS = ("#b5481f", "#2c6fa8", "#3f8f4f", "#8a5aa8")


@dataclass(frozen=True, eq=False)
class Fit:
    """One autoencoder of the four points.

    Args:
        name: of the recipe.
        log_p: exact mean of log p over the points, in nats.
        codes: draws of q(z|x) for each point, (4, draws, 2).
        posterior: the density of the true p(z|x) on the lattice for each point, (4, side, side).
    """

    name: str
    log_p: float
    codes: np.ndarray
    posterior: np.ndarray


def games() -> dict[str, Game]:
    """Return the two games."""
    space = Image(1, 2, 2, 0.0, 1.0)
    plan, p = MLP((64, 64, 64)), Bernoulli()
    vae = pf.recipes.vae(space, plan, 2, likelihood=p, tune=Adam(1e-3, (0.9, 0.999)), batch_size=256)
    avb = pf.recipes.avb(space, plan, 2, likelihood=p, adaptive=False, noise_dim=16, posterior_widths=(64, 64),
                         critic_widths=(128, 128, 128), batch_size=256)  # fmt: skip
    return {"vae": vae, "avb": avb}


def fitted(name: str) -> Fit:
    """Fit one, and look at its codes.

    Args:
        name: of the recipe.
    """
    torch.manual_seed(0)
    game = games()[name]
    g = game.sampler
    assert isinstance(g, Latent)
    g.prepare(Batch(POINTS))
    turn = Turn(dict(game.players()), game.tune)
    for number in range(TURNS):
        turn.begin(number, 0.0)
        game.step(lambda: Batch(POINTS[torch.randint(4, (256,))]), turn)
    g.eval()
    line = torch.linspace(-6, 6, SIDE)
    with torch.no_grad():
        codes = torch.stack([g.inferred(g.said(x.expand(DRAWS, 1, 2, 2))).z for x in POINTS])
        lattice = torch.cartesian_prod(line, line)
        decoded, log_prior = g.decoded(lattice), g.prior.log_prob(lattice) + 2 * (line[1] - line[0]).log()
        joint = torch.stack([log_prior - g.cost.loss(x.expand(len(lattice), 1, 2, 2), decoded) for x in POINTS])
    log_p = joint.logsumexp(1)
    posterior = (joint - log_p[:, None]).exp().view(4, SIDE, SIDE)
    return Fit(name, float(log_p.mean()), codes.numpy(), posterior.numpy())


def draw(fits: list[Fit], out: Path) -> None:
    """Draw draws of q above, and true posteriors below."""
    from matplotlib.colors import to_rgb
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.2, 7.4), dpi=90, layout="constrained")
    for above, below, fit in zip(*figure.subplots(2, len(fits)), fits, strict=True):
        for codes, colour in zip(fit.codes, COLOURS, strict=True):
            above.scatter(*codes.T, s=2, color=colour, alpha=0.5, linewidth=0)
        share = fit.posterior / fit.posterior.max((1, 2), keepdims=True)
        shades = [1 - s[..., None] * (1 - np.array(to_rgb(c))) for s, c in zip(share, COLOURS, strict=True)]
        below.imshow(np.minimum.reduce(shades).transpose(1, 0, 2), extent=(-6, 6, -6, 6), origin="lower")
        above.set_title(f"{fit.name}: log p = {fit.log_p:.3f} nats\ndraws of q(z|x)", fontsize=10)
        below.set_title("true p(z|x) of its decoder", fontsize=10)
        for axes in (above, below):
            axes.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH), aspect="equal", xticks=[], yticks=[])
    figure.savefig(out)


def table(fits: list[Fit], out: Path) -> None:
    """Write the same figures for who reads tables."""
    out.write_text("\n".join(["recipe,log_p", *(f"{f.name},{f.log_p:.4g}" for f in fits)]) + "\n")


if __name__ == "__main__":
    torch.set_num_threads(1)
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_suffix(".png")
    made = [fitted(name) for name in ("vae", "avb")]
    draw(made, place)
    table(made, place.with_suffix(".csv"))
    print(place.with_suffix(".csv").read_text())
