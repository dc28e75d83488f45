"""A Gaussian fitted to a mixture of two by every f-divergence: where each row of the table ends up.

    python -m benchmarks.methods.f_fits [TURNS]

P = ⅔·N(−1, 0.6²) + ⅓·N(2, 1); samples are µ + σz; the critic is an MLP. Every row has its own best (µ, σ), known by
quadrature and minimisation (`expected` below computes them anew with SciPy). Three seeds a row, 1,500 turns of three
critic steps (five for total variation and W₁, after 200 before the first turn), batches of 1,024; the mean over the
last fifth of the turns, with the standard error over seeds.

The best critic of total variation is a step, whose tanh learns nothing where it is sure: 10⁻⁵ times the mean squares
of the layers keep it learning. That of W₁ turns where the distribution functions cross, for which the two-sided
penalty of WGAN-GP charges: the one-sided one does not.

Source: Nowozin, Cseke, Tomioka (2016), section 3 and table 2, arXiv:1606.00709, for the experiment.
"""

import sys
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.common.cells import measured, write

ROWS = ("ForwardKL", "ReverseKL", "Jeffreys", "JS", "SquaredHellinger", "Pearson", "Neyman", "TotalVariation", "W1")
SEEDS, START, BATCH = (0, 1, 2), (-1.0, 0.7), 1024
RATES = {"W1": 6e-3}  # whose gradient vanishes slowly; all others 4e-3
WEIGHTS, MEANS, WIDTHS = (2 / 3, 1 / 3), (-1.0, 2.0), (0.6, 1.0)


def drawn(n: int) -> Any:
    """n draws from P."""
    import torch

    which = torch.multinomial(torch.tensor(WEIGHTS), n, replacement=True)
    return torch.tensor(MEANS)[which, None] + torch.tensor(WIDTHS)[which, None] * torch.randn(n, 1)


def game(row: str) -> Any:
    """That row's critic against a line; total variation's is held off its plateaus, W₁'s slope at 1 or below."""
    import torch
    from torch import nn

    import pushforward as pf
    from pushforward.critics import ActivationPenalty, Adversarial, GradientPenalty
    from pushforward.discrepancies import FDivergence, MeanDifference
    from pushforward.games import Matching
    from pushforward.samplers import Normal, Pushforward
    from pushforward.tuning import Adam, Linear, Steps

    line = nn.Linear(1, 1)
    with torch.no_grad():
        line.bias.fill_(START[0])
        line.weight.fill_(START[1])
    smooth = nn.Sequential(nn.Linear(1, 32), nn.SiLU(), nn.Linear(32, 32), nn.SiLU(), nn.Linear(32, 1))
    kinked = nn.Sequential(nn.Linear(1, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))
    ahead = Steps(5, burst=200, first=1)
    if row == "W1":
        D = Adversarial(MeanDifference(), kinked, GradientPenalty(30.0, one_sided=True), critic_steps=ahead)
    elif row == "TotalVariation":
        D = Adversarial(FDivergence(pf.discrepancies.TotalVariation()), smooth, ActivationPenalty(1e-5),
                        critic_steps=ahead)  # fmt: skip
    else:
        D = Adversarial(FDivergence(getattr(pf.discrepancies, row)()), smooth, critic_steps=3)
    rates = [Adam(rate, (0.5, 0.9), decay=Linear(end)) for rate, end in ((RATES.get(row, 4e-3), 0.02), (4e-3, 0.05))]
    space = pf.spaces.Vector(1)
    return Matching(space, Pushforward(line, Normal(1)), D, *rates, batch_size=BATCH)


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """One row, one seed."""
    import torch

    torch.set_num_threads(1)
    from pushforward.spaces import Batch
    from pushforward.training import Turn

    torch.manual_seed(cell["seed"])
    made = game(cell["row"])
    turn, turns, path = Turn(dict(made.players()), made.tune), cell["turns"], []
    for i in range(turns):
        turn.begin(i, i / turns)
        made.step(lambda: Batch(drawn(BATCH)), turn)
        line = made.sampler.network
        path.append((line.bias.item(), abs(line.weight.item())))
    folder.mkdir(parents=True, exist_ok=True)
    mean, width = np.mean(path[-turns // 5 :], axis=0)
    return {"mean": float(mean), "width": float(width)}


@cache
def expected(row: str) -> tuple[float, float]:
    """The best (µ, σ) by quadrature of q·f(p/q) on a fine grid and Nelder–Mead; W₁ from the distribution functions."""
    from scipy.optimize import minimize
    from scipy.stats import norm

    t = np.linspace(-14, 14, 28_001)
    p = sum(w * norm(m, s).pdf(t) for w, m, s in zip(WEIGHTS, MEANS, WIDTHS, strict=True))
    below = sum(w * norm(m, s).cdf(t) for w, m, s in zip(WEIGHTS, MEANS, WIDTHS, strict=True))
    f = {
        "ForwardKL": lambda p, q: p * np.log(p / q),
        "ReverseKL": lambda p, q: q * np.log(q / p),
        "Jeffreys": lambda p, q: (p - q) * np.log(p / q),
        "JS": lambda p, q: p * np.log(2 * p / (p + q)) + q * np.log(2 * q / (p + q)),
        "SquaredHellinger": lambda p, q: (np.sqrt(p) - np.sqrt(q)) ** 2,
        "Pearson": lambda p, q: (p - q) ** 2 / q,
        "Neyman": lambda p, q: (p - q) ** 2 / p,
        "TotalVariation": lambda p, q: np.abs(p - q) / 2,
    }

    def distance(v: np.ndarray) -> float:
        q = norm(v[0], np.exp(v[1]))
        if row == "W1":
            return float(np.trapezoid(np.abs(below - q.cdf(t)), t))
        return float(np.trapezoid(f[row](p, q.pdf(t).clip(1e-290)), t))

    starts = product((-1.0, -0.5, 0.5), (-0.4, 0.0, 0.5))
    best = min((minimize(distance, s, method="Nelder-Mead", tol=1e-9) for s in starts), key=lambda r: r.fun)
    return float(best.x[0]), float(np.exp(best.x[1]))


def summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One line a divergence: what was reached, its standard error over seeds, and what is best."""
    lines = []
    for row in ROWS:
        found = np.array([(r["mean"], r["width"]) for r in rows if r["row"] == row])
        mean, error, best = found.mean(0), found.std(0, ddof=1) / len(found) ** 0.5, expected(row)
        lines.append({"divergence": row, "mean": float(mean[0]), "mean_stderr": float(error[0]), "best_mean": best[0],
                      "width": float(mean[1]), "width_stderr": float(error[1]), "best_width": best[1]})  # fmt: skip
    return lines


if __name__ == "__main__":
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else 1500
    done = measured("f_fits", [dict(row=r, seed=s, turns=turns) for s, r in product(SEEDS, ROWS)], run)
    write("f_fits", summary(done))
