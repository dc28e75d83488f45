"""How many samples does a score need? FID and KID of normal laws whose distances are known, against n.

    python docs/gallery/fid_bias.py [OUT.png]

Data are N(0, I) in d = 32 dimensions; samples are N(m, I) with |m|² = s, s = 0 (as good as the data) and s = 1. n rows
of either are compared by the library's FID and KID, 30 times with new rows.

* FID of the laws is s. Of n rows it is s + d(d + 5)/(2n) in expectation, to first order in 1/n: 2d/n for the two
  means, d(d + 1)/(2n) for the covariances, since the Bures distance near the identity is a quarter of ‖Σ₁ − Σ₂‖².
* KID of the laws, with the kernel (xᵀy/d + 1)³, is 3s/d + 3s²/d² + (s³ + 6s² + 3s(d + 2))/d³, and so is its
  expectation at every n.

Source: Bińkowski et al. (2018), section 4 and appendix D, arXiv:1801.01401, for both statements.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import torch

from pushforward.metrics import KID
from pushforward.metrics.scores.frechet import frechet_alone

D, SHIFTS, SIZES, REPEATS = 32, (0.0, 1.0), (100, 200, 500, 1000, 2000), 30


@dataclass(frozen=True)
class Row:
    """One score at one number of rows.

    Args:
        score: FID or KID.
        shift: s, the squared distance of the means.
        n: rows of either side.
        mean: over the repeats.
        spread: standard deviation over the repeats.
        expected: by the closed form; of FID to first order.
        truth: of the laws.
    """

    score: str
    shift: float
    n: int
    mean: float
    spread: float
    expected: float
    truth: float


def fid_expected(s: float, n: int) -> float:
    """s + d(d + 5)/(2n)."""
    return s + D * (D + 5) / (2 * n)


def kid(s: float) -> float:
    """3s/d + 3s²/d² + (s³ + 6s² + 3s(d + 2))/d³."""
    return 3 * s / D + 3 * s**2 / D**2 + (s**3 + 6 * s**2 + 3 * s * (D + 2)) / D**3


def measured(repeats: int = REPEATS, sizes: tuple[int, ...] = SIZES) -> list[Row]:
    """Both scores of both samplers at every number of rows."""
    torch.manual_seed(0)
    rows = []
    for s in SHIFTS:
        mean = torch.full((D,), (s / D) ** 0.5, dtype=torch.float64)
        for n in sizes:
            pairs = [torch.randn(2, n, D, dtype=torch.float64) for _ in range(repeats)]
            fids = [frechet_alone(x, y + mean) for x, y in pairs]
            kids = [KID()(x, y + mean)[0].value for x, y in pairs]
            rows += [_row("FID", s, n, fids, fid_expected(s, n), s), _row("KID", s, n, kids, kid(s), kid(s))]
    return rows


def _row(score: str, s: float, n: int, values: list[float], expected: float, truth: float) -> Row:
    found = torch.tensor(values, dtype=torch.float64)
    return Row(score, s, n, float(found.mean()), float(found.std()), expected, truth)


def draw(rows: list[Row], out: Path) -> None:
    """Means with their spreads against n, beside the closed forms."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import FixedLocator, NullFormatter, ScalarFormatter

    figure = Figure(figsize=(9, 3.6), dpi=90, layout="constrained")
    for ax, score in zip(figure.subplots(1, 2), ("FID", "KID"), strict=True):
        for s, colour in zip(SHIFTS, ("#4c72b0", "#c44e52"), strict=True):
            some = [r for r in rows if (r.score, r.shift) == (score, s)]
            n = [r.n for r in some]
            word = "samples of the data's law" if s == 0 else f"samples off by |m|² = {s:g}"
            ax.errorbar(n, [r.mean for r in some], [r.spread for r in some], fmt="o", ms=4, color=colour, label=word)
            ax.plot(n, [r.expected for r in some], color=colour, lw=1)
            ax.axhline(some[0].truth, color=colour, lw=0.9, ls=":")
        ax.set(xscale="log", xlabel="rows of either side", title=f"{score}: means and spreads")
        ax.xaxis.set_major_locator(FixedLocator(sorted({r.n for r in rows})))
        ax.xaxis.set_major_formatter(ScalarFormatter())
        ax.xaxis.set_minor_formatter(NullFormatter())
        ax.legend(fontsize=8)
    figure.savefig(out)


def table(rows: list[Row], out: Path) -> None:
    """The same figures for who reads tables."""
    lines = [f"{r.score},{r.shift:g},{r.n},{r.mean:.5g},{r.spread:.5g},{r.expected:.5g},{r.truth:.5g}" for r in rows]
    out.write_text("\n".join(["score,shift,n,mean,spread,expected,truth", *lines]) + "\n")


if __name__ == "__main__":
    found = measured()
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_suffix(".png")
    draw(found, place)
    table(found, place.with_suffix(".csv"))
    print(place.with_suffix(".csv").read_text())
