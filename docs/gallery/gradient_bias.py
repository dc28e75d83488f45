"""Whose gradient is unbiased? Data N(0, 1), samples θ + N(0, 1), batches of n, in one dimension.

    python docs/gallery/gradient_bias.py [OUT.png]

A critic is either fixed, or the best one on a batch of its own; the sampler's gradient is then taken on a fresh batch,
through the library's discrepancies. With a fixed critic its expectation is the derivative of the true distance, at
every n, for the Wasserstein critic f(t) = ψt and for MMD alike. With the best critic of a finite batch it is biased
towards zero, by what the critic fell short: also for both, however large the sampler's own batch is.

* Wasserstein, |ψ| ≤ 1: the best ψ is the sign of the batch's difference of means, wrong with probability Φ(−|θ|√(n/2)).
  E of the gradient is 1 − 2Φ(−|θ|√(n/2)) in place of 1.
* MMD, f(t) = ψt with ψ in a set, Gaussian kernel: MMD²(ψ) = 2s(1 − exp(−ψ²θ²s²/2)), s² = 1/(1 + 2ψ²). E of the
  gradient is Σ_ψ π(ψ)·∂MMD²(ψ)/∂θ, π(ψ) the probability that ψ looks best, in place of that of the best ψ.

Source: Bińkowski et al. (2018), section 3 and theorem 3, arXiv:1801.01401, for the statement.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import torch
from scipy.stats import norm
from torch import Tensor

from pushforward.discrepancies import MMD, Discrepancy, MeanDifference, Unbiased
from pushforward.kernels import Gaussian

SCALES = torch.tensor([0.3, 1.0, 3.0], dtype=torch.float64)  # the set of ψ for MMD
SIGNS = torch.tensor([-1.0, 1.0], dtype=torch.float64)  # the extreme points of |ψ| ≤ 1
THETA, OWN = 0.5, 100  # where the gradient is taken, and rows of the sampler's batch
EXACT = "fixed", "best of its batch"


@dataclass(frozen=True)
class Row:
    """Gradients of one method at one size of the critic's batch.

    Args:
        method: Wasserstein or MMD.
        critic: fixed, or best of its batch.
        n: rows of the critic's batch.
        mean: of the gradients.
        stderr: of the mean.
        expected: by the closed form.
        truth: derivative of the distance itself, the supremum over critics.
    """

    method: str
    critic: str
    n: int
    mean: float
    stderr: float
    expected: float
    truth: float


def slope(D: Discrepancy, psi: Tensor, theta: float, rows: int) -> float:
    """∂D/∂θ on a fresh batch, for the critic f(t) = ψt."""
    x, z = torch.randn(2, rows, 1, dtype=torch.float64)
    t = torch.tensor(theta, dtype=torch.float64, requires_grad=True)
    return torch.autograd.grad(D(psi * x, psi * (z + t)), t)[0].item()


def best(D: Discrepancy, choices: Tensor, theta: float, n: int) -> int:
    """Which ψ has the largest D on a batch of n."""
    x, y = torch.randn(2, n, 1, dtype=torch.float64)
    return int(torch.stack([D(psi * x, psi * (y + theta)) for psi in choices]).argmax())


def mmd(psi: Tensor, theta: Tensor) -> Tensor:
    """MMD² between N(0, 1) and N(θ, 1) behind ψt, by integrals of Gaussians: s = 1/√(1 + 2ψ²)."""
    square = 1 / (1 + 2 * psi**2)
    return 2 * square.sqrt() * (1 - torch.exp(-(psi**2) * theta**2 * square / 2))


def mmd_slopes(theta: float) -> Tensor:
    """∂MMD²/∂θ for every ψ of the set."""
    t = torch.tensor(theta, dtype=torch.float64, requires_grad=True)
    return torch.stack([torch.autograd.grad(mmd(psi, t), t)[0] for psi in SCALES])


def wasserstein(n: int, repeats: int) -> list[Row]:
    """Both critics for the mean difference, D = E f(y) − E f(x) at its best ψ."""
    D, wrong = MeanDifference(), norm.cdf(-THETA * (n / 2) ** 0.5)
    fixed = [slope(D, SIGNS[0], THETA, OWN) for _ in range(repeats)]
    found = [slope(D, SIGNS[best(D, SIGNS, THETA, n)], THETA, OWN) for _ in range(repeats)]
    return [
        _row("Wasserstein", c, n, g, e, 1.0)
        for c, g, e in zip(EXACT, (fixed, found), (1.0, 1 - 2 * wrong), strict=True)
    ]


def kernel(n: int, repeats: int) -> list[Row]:
    """Both critics for MMD², unbiased; how often each ψ looks best is counted on batches of their own."""
    D, slopes = MMD(Gaussian(1.0), Unbiased()), mmd_slopes(THETA)
    top = int(mmd(SCALES, torch.tensor(THETA, dtype=torch.float64)).argmax())
    fixed = [slope(D, SCALES[top], THETA, OWN) for _ in range(repeats)]
    found = [slope(D, SCALES[best(D, SCALES, THETA, n)], THETA, OWN) for _ in range(repeats)]
    picks = torch.tensor([best(D, SCALES, THETA, n) for _ in range(4 * repeats)])
    share = torch.bincount(picks, minlength=len(SCALES)) / len(picks)
    truth = float(slopes[top])
    expected = float(share.double() @ slopes)
    return [_row("MMD²", c, n, g, e, truth) for c, g, e in zip(EXACT, (fixed, found), (truth, expected), strict=True)]


def measured(repeats: int = 1000, sizes: tuple[int, ...] = (2, 5, 10, 30, 100)) -> list[Row]:
    """Both methods at every size of the critic's batch."""
    torch.manual_seed(0)
    return [row for n in sizes for row in (*wasserstein(n, repeats), *kernel(n, repeats))]


def _row(method: str, critic: str, n: int, gradients: list[float], expected: float, truth: float) -> Row:
    g = torch.tensor(gradients, dtype=torch.float64)
    return Row(method, critic, n, float(g.mean()), float(g.std() / len(g) ** 0.5), float(expected), truth)


def draw(rows: list[Row], out: Path) -> None:
    """Means with their errors against n, beside the closed forms."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.6), dpi=90, layout="constrained")
    for ax, method in zip(figure.subplots(1, 2), ("Wasserstein", "MMD²"), strict=True):
        for critic, colour in zip(EXACT, ("#4c72b0", "#c44e52"), strict=True):
            some = [r for r in rows if (r.method, r.critic) == (method, critic)]
            n = [r.n for r in some]
            ax.errorbar(
                n, [r.mean for r in some], [2 * r.stderr for r in some], fmt="o", color=colour, label=f"{critic} critic"
            )
            ax.plot(n, [r.expected for r in some], color=colour, lw=1)
        ax.axhline(some[0].truth, color="k", lw=0.8, ls=":")
        ax.set(xscale="log", xlabel="rows of the critic's batch", title=f"{method}: mean gradient at θ = {THETA}")
        ax.legend(fontsize=8, loc="lower right")
    figure.savefig(out)


def table(rows: list[Row], out: Path) -> None:
    """The same figures for who reads tables."""
    lines = [f"{r.method},{r.critic},{r.n},{r.mean:.5g},{r.stderr:.5g},{r.expected:.5g},{r.truth:.5g}" for r in rows]
    out.write_text("\n".join(["method,critic,n,mean,stderr,expected,truth", *lines]) + "\n")


if __name__ == "__main__":
    found = measured()
    print(f"{'method':12} {'critic':18} {'n':>4} {'mean gradient':>18} {'closed form':>12} {'of the distance':>16}")
    for r in found:
        print(f"{r.method:12} {r.critic:18} {r.n:4} {r.mean:10.4f} ± {r.stderr:.4f} {r.expected:12.4f} {r.truth:16.4f}")
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_suffix(".png")
    draw(found, place)
    table(found, place.with_suffix(".csv"))
