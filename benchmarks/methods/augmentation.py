"""What differentiable augmentation brings a GAN of few pictures: MNIST's first ones, with labels.

    python -m benchmarks.methods.augmentation MNIST.npz [TURNS]

The conditional GAN of width 16 on so many pictures for training (and 200 for validation), one seed, one thread,
bfloat16, equal turns; KID and balls on LeNet features of all of MNIST, 10,000 samples against its test pictures.
"""

import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.common.cells import measured, write

HELD = 200


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Fit one cell and score its samples."""
    import torch

    torch.set_num_threads(1)
    import pushforward as pf
    from pushforward.critics import DiffAugment
    from pushforward.features import LeNet
    from pushforward.metrics import KID, prdc
    from pushforward.networks import DCGAN
    from pushforward.tuning import Adam

    everything, n = pf.data.load(cell["data"]), cell["pictures"]
    lenet = LeNet.trained(everything.space, everything.train.all(), everything.test.all())
    with np.load(cell["data"]) as file:
        few = file["train_images"][: n + 2 * HELD], file["train_labels"][: n + 2 * HELD]
    share = 100 * HELD / (n + 2 * HELD)
    data = pf.data.load(few, split=f"{100 - 2 * share}/{share}/{share}")
    game = pf.recipes.gan(data.space, network=DCGAN(16), tune=Adam(1e-3, (0.5, 0.999)), batch_size=64)
    before = time.process_time()
    done = pf.fit(game, data, steps=cell["turns"], run=folder, overwrite=True, threads=1, precision="bf16",
                  augment=DiffAugment() if cell["augment"] else None, verdict=False, quiet=True,
                  probe_every=cell["turns"])  # fmt: skip
    seconds = time.process_time() - before
    fx, fy = lenet(everything.test.all(10_000).x), lenet(done.draw(10_000, weights="last").x)
    kid, near = KID()(fx, fy)[0], prdc(fx, fy)
    return {"cpu_seconds": seconds, "kid": kid.value, "kid_stderr": kid.stderr, "precision": near.precision,
            "recall": near.recall, "coverage": near.coverage}  # fmt: skip


if __name__ == "__main__":
    mnist, turns = sys.argv[1], int((sys.argv[2:] or ["2000"])[0])
    cells = [{"augment": augment, "pictures": 500, "turns": turns} for augment in (False, True)]
    write("augmentation", measured("augmentation", cells, run, {"data": mnist}))
