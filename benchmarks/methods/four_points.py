"""Four points with a code of two numbers: the exact likelihood that a Gaussian posterior and one of any form reach.

    python -m benchmarks.methods.four_points            # goes on where it was stopped
    python -m benchmarks.methods.four_points written    # the table of what is there

The data are the four unit vectors, equally likely, so that log p is at most −log 4 = −1.386. The decoder is
2-64-64-64-4 with four Bernoulli outputs; log p is a sum over 241×241 codes in [−6, 6]². `vae` has a Gaussian
posterior; `avb` one of any form, by a critic, without and with the adaptive contrast. Batches of 256, Adam at
1e-3 for `vae`, at 2e-4 and 5e-4 for `avb`, at 1e-3 for both of its players with the adaptive contrast (at 2e-3 one
seed of two ends with a decoder that says the same of every code).
"""

import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.common.cells import done, measured_here, write

TURNS = (5_000, 10_000)
KINDS = ("vae", "avb", "avb, adaptive")
CELLS = [dict(recipe=kind, seed=seed) for kind in KINDS for seed in (0, 1)]


def game(kind: str) -> Any:
    """The recipe for four points of two values."""
    from pushforward import recipes
    from pushforward.likelihoods import Bernoulli
    from pushforward.networks import MLP
    from pushforward.spaces import Image
    from pushforward.tuning import Adam

    shared = dict(network=MLP((64, 64, 64)), latent_dim=2, likelihood=Bernoulli(), batch_size=256)
    space = Image(1, 2, 2, 0.0, 1.0)
    if kind == "vae":
        return recipes.vae(space, tune=Adam(1e-3, (0.9, 0.999)), **shared)
    options = dict(noise_dim=16, posterior_widths=(64, 64), critic_widths=(128, 128, 128), **shared)
    if kind == "avb":
        return recipes.avb(space, adaptive=False, **options)
    return recipes.avb(space, tune=Adam(1e-3, (0.9, 0.999)), **options)


def exact(sampler: Any, x: Any) -> float:
    """The mean of log p over the points, by the sum over codes of a grid."""
    import torch

    line = torch.linspace(-6, 6, 241)
    z = torch.cartesian_prod(line, line)
    with torch.no_grad():
        decoded = sampler.decoded(z)
        log_prior = -z.square().sum(1) / 2 - torch.log(torch.tensor(2 * torch.pi)) + 2 * (line[1] - line[0]).log()
        nats = [(sampler.cost.log_prob(p.expand(len(z), *p.shape), decoded) + log_prior).logsumexp(0) for p in x]
    return float(torch.stack(nats).mean())


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Train, and sum over codes at both numbers of turns."""
    import torch

    from pushforward.spaces import Batch
    from pushforward.training import Turn

    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.manual_seed(cell["seed"])
    points = torch.eye(4).view(4, 1, 2, 2)
    g = game(cell["recipe"])
    g.sampler.prepare(Batch(points))
    turn, found, began = Turn(dict(g.players()), g.tune), {}, time.process_time()
    for number in range(max(TURNS)):
        turn.begin(number, 0.0)
        g.step(lambda: Batch(points[torch.randint(4, (256,))]), turn)
        if number + 1 in TURNS:
            found[f"log_p_{number + 1}"] = exact(g.sampler.eval(), points)
            g.sampler.train()
    return found | {"cpu_seconds": time.process_time() - began}


if __name__ == "__main__":
    cells = [cell for cell in CELLS if "written" not in sys.argv or done("four_points", cell)]
    write("four_points", measured_here("four_points", cells, run))
