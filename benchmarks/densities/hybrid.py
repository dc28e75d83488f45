"""Likelihood against an adversary on one flow: `flow-gan` at several weights of both, on the ring and on MNIST.

    python -m benchmarks.densities.hybrid MNIST.npz            # goes on where it was stopped
    python -m benchmarks.densities.hybrid MNIST.npz written    # the table of what is there

CPU seconds are of training alone, on one thread, 12 on the ring and 45 on MNIST, labels left out; the first 1,000 turns
are of likelihood alone, on MNIST the first 300, unless it has no weight. `nats_gap` is the mean of log p − log q over
the 10,000 test points of the ring, `within` the share of 10,000 samples within three deviations of a mode (of data:
0.989); `bits` are those of 10,000 test images, KID, precision, recall and coverage those of 4,000 samples, as in
pictures.py.
"""

import sys
from pathlib import Path
from typing import Any

from benchmarks.common.cells import done, measured_here, write
from benchmarks.common.pictures import trained
from benchmarks.common.speed import speed
from benchmarks.densities.pictures import FILES, bits_of, of_samples

WARM_UP = {"ring": 1000, "mnist": 300}
COLUMNS = ("nats_gap", "nats_gap_stderr", "within", "bits", "bits_stderr", "kid", "kid_stderr", "precision", "recall",
           "coverage")  # fmt: skip


def cells() -> list[dict[str, Any]]:
    """The ring at once, then MNIST."""
    weights = ((1.0, 0.0), (1.0, 0.1), (1.0, 1.0), (0.0, 1.0))
    named = [("ring", 12, *w) for w in weights] + [("mnist", 45, *w) for w in weights]
    return [dict(data=d, seconds=s, likelihood=a, adversarial=b, seed=0) for d, s, a, b in named]


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Train at these weights and measure density and samples."""
    import pushforward as pf

    row, ring = speed(), cell["data"] == "ring"
    data = pf.data.load("ring" if ring else FILES["mnist"])
    warm_up = WARM_UP[cell["data"]] if cell["likelihood"] else 0
    weights = {"likelihood": cell["likelihood"], "adversarial": cell["adversarial"]}
    game = pf.recipes.flow_gan(data.space, warm_up=warm_up, conditional=False, **weights)
    made, found = trained(game, data, folder, cell["seconds"], seed=cell["seed"])
    scores = _on_the_ring(made, data) if ring else bits_of(made, data.test.all()) | of_samples(made, wanted=True)
    return {"turns": found["turns"]} | {name: scores.get(name, "") for name in COLUMNS} | row


def _on_the_ring(made: Any, data: Any) -> dict[str, float]:
    import torch

    x, modes = data.test.all().x, data.modes
    gap = data.log_prob(x) - torch.from_numpy(made.log_prob(x.numpy()))
    far = torch.cdist(made.draw(10_000, seed=1).x.double(), modes.centers).amin(1)
    return {"nats_gap": float(gap.mean()), "nats_gap_stderr": float(gap.std()) / len(gap) ** 0.5,
            "within": float((far < 3 * modes.std).double().mean())}  # fmt: skip


if __name__ == "__main__":
    FILES["mnist"] = sys.argv[1]
    name, written = "density_hybrid", sys.argv[2:] == ["written"]
    write(name, measured_here(name, [c for c in cells() if not written or done(name, c)], run))
