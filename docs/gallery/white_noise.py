"""A density that is nine tenths and more of white noise, and hardly worse by its likelihood.

    python docs/gallery/white_noise.py [PICTURES] [OUT.png]        # digits if left out, or mnist.npz; and OUT.csv

q is `grid-cdf`, fitted for a minute; q′ = q/100 + 99/100·white noise, uniform on all grey levels. As
q′ ≥ q/100, no picture loses more than log 100 = 4.6 nats, and per dimension that is nothing; but 99 of 100 samples are
noise. Bits per dimension are those of the test pictures, KID (cubic kernel on pixels) that of as many samples.

Source: Theis, van den Oord, Bethge (2016), arXiv 1511.01844, section 3.2.
"""

import sys
import tempfile
from dataclasses import dataclass
from math import log
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

import pushforward as pf
from pushforward.metrics import KID, Score, bits_per_dimension

SHARE, LEVELS, MINUTES, ROWS = 0.01, 256, 1.0, 2000


@dataclass(frozen=True, eq=False)
class Row:
    """A density, with its likelihood and its samples.

    Args:
        law: its name.
        nats: mean log-probability of test pictures.
        bits: per dimension of them.
        kid: of samples.
        samples: some pictures.
    """

    law: str
    nats: float
    bits: Score
    kid: Score
    samples: Tensor


def log_mixed(nats: Tensor, d: int, share: float = SHARE) -> Tensor:
    """log (share·q + (1 − share)·256⁻ᵈ), of log q."""
    return torch.logaddexp(nats + log(share), torch.full_like(nats, log(1 - share) - d * log(LEVELS)))


def measured(pictures: str, folder: Path, minutes: float = MINUTES) -> list[Row]:
    """Fit q, and look at it and at its mixture with noise.

    Args:
        pictures: the data.
        folder: of the run.
        minutes: of the fit.
    """
    data = pf.data.load(pictures, labels=None)
    game = pf.recipes.grid_cdf(data.space, conditional=False)
    run = pf.fit(
        game, data, minutes=minutes, run=folder / "run", quiet=True, verdict=False, threads=1, probe_every=10**6
    )
    x = data.test.all(ROWS).x
    nats, d = run.density(data.test.all(ROWS)), data.space.dim
    y = run.draw(len(x), seed=1).x
    own = torch.Generator().manual_seed(2)
    noise = torch.randint(LEVELS, y.shape, generator=own) / (LEVELS - 1) * 2 - 1
    kept = (torch.rand(len(y), generator=own) < SHARE).view(-1, *[1] * (y.ndim - 1))
    laws = {"q": (nats, y), "q/100 + noise": (log_mixed(nats, d), torch.where(kept, y, noise))}
    flat = lambda z: ((z + 1) / 2).flatten(1).double()
    return [
        Row(
            name, float(n.mean()), bits_per_dimension(n, d, LEVELS, extent=float(LEVELS)), KID()(flat(x), flat(z))[0], z
        )
        for name, (n, z) in laws.items()
    ]


def draw(rows: list[Row], out: Path) -> None:
    """Draw samples of both laws, with their numbers."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 3.4), dpi=90, layout="constrained")
    for ax, row in zip(figure.subplots(1, 2), rows, strict=True):
        tiles = row.samples[:60, 0] if row.samples.shape[1] == 1 else row.samples[:60].mean(1)
        h, w = tiles.shape[1:]
        ax.imshow(tiles.view(5, 12, h, w).permute(0, 2, 1, 3).reshape(5 * h, 12 * w), cmap="gray_r", vmin=-1, vmax=1)
        ax.set_title(f"{row.law}: {row.bits.value:.4f} bits per dimension, KID {row.kid.value:.3g}", fontsize=10)
        ax.set_axis_off()
    figure.savefig(out)


def table(rows: list[Row], out: Path) -> None:
    """Write the same figures for who reads tables."""
    lines = [
        f"{r.law},{r.nats:.7g},{r.bits.value:.6g},{r.bits.stderr:.2g},{r.kid.value:.4g},{r.kid.stderr:.2g}"
        for r in rows
    ]
    out.write_text("\n".join(["law,nats,bits,bits_error,kid,kid_error", *lines]) + "\n")


if __name__ == "__main__":
    torch.set_num_threads(1)
    place = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).with_suffix(".png")
    with tempfile.TemporaryDirectory() as runs:
        made = measured(sys.argv[1] if len(sys.argv) > 1 else "digits", Path(runs))
    draw(made, place)
    table(made, place.with_suffix(".csv"))
    print(place.with_suffix(".csv").read_text(), f"{made[0].nats - made[1].nats:.4f} nats apart", np.log(100))
