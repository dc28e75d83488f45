"""Maximum likelihood covers what it cannot model, an adversary leaves it out: one generator, four capacities.

    python docs/gallery/two_errors.py [OUT.png]        # and OUT.csv; four minutes of one thread

Data: the ring of eight normal laws. The generator is a RealNVP of 2, 4, 8 or 16 couplings, fitted once by likelihood
and once by an adversary alone, that of the original GAN with a zero-centred penalty: the weights of `flow-gan` are 1
and 0, or 0 and 1. Of 10,000 samples: the share within three standard deviations of a mode, modes
found (with a quarter of their weight), and the gap, the mean of log p − log q over 10,000 fresh points of the data.
"""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

import pushforward as pf
from pushforward.metrics import modes
from pushforward.tuning import Adam

LAYERS, SAMPLES = (2, 4, 8, 16), 10_000
TURNS = {"likelihood": 1500, "adversary": 1500}


@dataclass(frozen=True, eq=False)
class Row:
    """One generator fitted in one way.

    Args:
        layers: its couplings.
        way: likelihood or adversary.
        near: share of samples near a mode.
        modes: that are found, of 8.
        gap: mean of log p − log q over fresh data.
        samples: some, for the picture.
    """

    layers: int
    way: str
    near: float
    modes: int
    gap: float
    samples: np.ndarray


def measured(folder: Path, layers: int, way: str) -> Row:
    """Fit one generator, and look at it.

    Args:
        folder: of the runs.
        layers: couplings.
        way: likelihood or adversary.
    """
    data = pf.data.load("ring")
    options = dict(layers=layers, likelihood=1.0 if way == "likelihood" else 0.0)
    options |= dict(adversarial=0.0, warm_up=0) if way == "likelihood" else dict(adversarial=1.0, warm_up=0)
    game = pf.recipes.flow_gan(data.space, **options, tune=Adam(2e-3, (0.5, 0.9)))  # type: ignore[arg-type]
    run = pf.fit(game, data, steps=TURNS[way], run=folder / f"{way}-{layers}", quiet=True, verdict=False, threads=1,
                 probe_every=10**6)  # fmt: skip
    y = run.draw(SAMPLES, seed=1, weights="last").x
    law = pf.data.Ring()
    fresh = law.draw(SAMPLES, torch.Generator().manual_seed(7))
    gap = law.log_prob(fresh).numpy() - run.log_prob(fresh.numpy(), weights="last")
    assert data.modes is not None  # of a ring
    found = modes(y, data.modes)
    return Row(layers, way, found.share, found.found, float(gap.mean()), y[:3000].numpy())


def draw(rows: list[Row], out: Path) -> None:
    """Draw samples of every generator on the data."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 5.8), dpi=90, layout="constrained")
    x = pf.data.Ring().draw(3000, torch.Generator().manual_seed(3)).numpy()
    for ax, row in zip(figure.subplots(2, len(LAYERS)).flat, rows, strict=True):
        ax.scatter(*x.T, s=1, color="#b9c6dd")
        ax.scatter(*row.samples.T, s=1, color="#dd8452", alpha=0.5)
        ax.set(xlim=(-3.4, 3.4), ylim=(-3.4, 3.4), aspect="equal")
        ax.set_title(f"{row.way}, {row.layers} couplings\nnear {row.near:.2f}, modes {row.modes}, gap {row.gap:.2g}",
                     fontsize=9)  # fmt: skip
        ax.set_axis_off()
    figure.savefig(out)


def table(rows: list[Row], out: Path) -> None:
    """Write the same figures for who reads tables."""
    lines = [f"{r.way},{r.layers},{r.near:.4g},{r.modes},{r.gap:.4g}" for r in rows]
    out.write_text("\n".join(["way,layers,near,modes,gap", *lines]) + "\n")


if __name__ == "__main__":
    torch.set_num_threads(1)
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_suffix(".png")
    with tempfile.TemporaryDirectory() as runs:
        made = [measured(Path(runs), layers, way) for way in TURNS for layers in LAYERS]
    draw(made, place)
    table(made, place.with_suffix(".csv"))
    print(place.with_suffix(".csv").read_text())
