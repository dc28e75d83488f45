"""MNIST, convolutional: KID on LeNet features for the four recipes at equal one-thread CPU time, two seeds.

    python -m benchmarks.methods.mnist MNIST.npz [MINUTES]

MNIST.npz holds train_images, train_labels, test_images and test_labels. A budget of MINUTES (8) of one thread's CPU
time is turned into turns by timing forty of them first, so that a busy machine changes nothing; turns stand in the
table.
"""

import sys
import time
from itertools import product
from pathlib import Path
from typing import Any

from benchmarks.common.cells import RESULTS, RUNS, measured, write

METHODS, SEEDS = ("gram", "gan", "mmd_gan", "mmd_net"), (0, 1)


def game(method: str, data: Any) -> Any:
    """The recipe on DCGAN networks of width 32 (`mmd_net`: the paper's, on pixels)."""
    import pushforward as pf
    from pushforward.networks import DCGAN

    recipes = {
        "gram": lambda: pf.recipes.gram(
            data.space, network=DCGAN(32), conditional=False, noise=pf.samplers.Uniform(100)
        ),
        "gan": lambda: pf.recipes.gan(data.space, network=DCGAN(32), conditional=False, paper=True),
        "mmd_gan": lambda: pf.recipes.mmd_gan(data.space, network=DCGAN(32)),
        "mmd_net": lambda: pf.recipes.mmd_net(data.space),
    }
    return recipes[method]()


def turns(method: str, data: Any, minutes: float) -> int:
    """As many as fit in so many minutes of CPU time, by the median of forty single ones in the usual rhythm."""
    import torch

    from pushforward.training import Batches, Turn

    made = game(method, data)
    batches, turn = Batches(data.train, made.batch_size, 0), Turn(dict(made.players()), made.tune)
    made.to(memory_format=torch.channels_last)
    spent = []
    for i in range(501, 541):  # beyond the first turns and off the 500th, in which WGAN-like critics step more often
        turn.begin(i, 0.0)
        before = time.process_time()
        made.step(batches, turn)
        spent.append(time.process_time() - before)
    return int(60 * minutes / sorted(spent)[20])


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Fit one cell and score its samples."""
    import torch

    torch.set_num_threads(1)
    import pushforward as pf
    from pushforward.features import LeNet
    from pushforward.metrics import KID, prdc

    data = pf.data.load(cell["data"])
    lenet = LeNet.trained(data.space, data.train.all(), data.test.all())
    steps = turns(cell["method"], data, cell["minutes"])
    before = time.process_time()
    done = pf.fit(game(cell["method"], data), data, steps=steps, seed=cell["seed"], run=folder, overwrite=True,
                  threads=1, precision="32", verdict=False, quiet=True, probe_every=max(1, steps // 8))  # fmt: skip
    seconds = time.process_time() - before
    x, y = data.test.all(10_000).x, done.draw(10_000, seed=cell["seed"], weights="last").x
    fx, fy = lenet(x), lenet(y)
    kid, near = KID()(fx, fy)[0], prdc(fx, fy)
    return {"turns": steps, "cpu_seconds": seconds, "kid": kid.value, "kid_stderr": kid.stderr,
            "precision": near.precision, "recall": near.recall, "coverage": near.coverage}  # fmt: skip


def picture(rows: list[dict[str, Any]]) -> None:
    """benchmarks/results/mnist.png: 64 samples of every cell."""
    from matplotlib.figure import Figure

    import pushforward as pf

    figure = Figure(figsize=(2.2 * len(METHODS), 2.4 * len(SEEDS)), dpi=100, layout="constrained")
    axes = figure.subplots(len(SEEDS), len(METHODS), squeeze=False)
    for ax in axes.flat:
        ax.set_axis_off()  # until its cell is there
    for row in rows:
        y = pf.load(RUNS / "mnist" / name(row)).draw(64, weights="last").x[:, 0]
        ax = axes[SEEDS.index(row["seed"])][METHODS.index(row["method"])]
        ax.imshow(y.reshape(8, 8, 28, 28).permute(0, 2, 1, 3).reshape(224, 224), cmap="gray")
        ax.set_axis_on()
        ax.set(xticks=[], yticks=[])
        ax.set_title(f"{row['method']}, seed {row['seed']}: KID {row['kid']:.3g}", fontsize=7)
    figure.savefig(RESULTS / "mnist.png")


def name(row: dict[str, Any]) -> str:
    """Of the cell's folder."""
    return "-".join(str(row[k]) for k in ("method", "seed", "minutes"))


if __name__ == "__main__":
    minutes = float(sys.argv[2]) if len(sys.argv) > 2 else 8.0
    cells = [dict(method=m, seed=s, minutes=minutes) for s, m in product(SEEDS, METHODS)]
    extra = {"data": str(Path(sys.argv[1]).resolve())}
    found = measured("mnist", cells, run, extra)
    write("mnist", found)
    picture(found)
