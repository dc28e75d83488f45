"""MNIST, critics of 16 filters: KID, FID and IS on LeNet features for eight methods at equal one-thread CPU time.

    python -m benchmarks.methods.critics_mnist MNIST.npz [MINUTES]

MNIST.npz holds train_images, train_labels, test_images and test_labels. All methods have the same networks, a strided
critic of 16 filters and a generator of width 64, and batches of 64; all else is the recipe's, and `gc_mmd_sn` is
`gc_mmd` with its spectral norm. One seed each, and two more for the first three. A row is 10,000 samples of the
averaged generator after MINUTES (8) of one thread's CPU time against the 10,000 test images; the row `data` is held-out
images in their place. CELLS=1 takes one cell at a time instead of two.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.common.cells import RESULTS, RUNS, measured, write
from benchmarks.common.spans import spent

METHODS = ("mmd_gan_gp", "wgan_gp", "sn_smmd", "gc_mmd", "sn_gan", "cramer_gan", "smmd", "r3gan", "gc_mmd_sn")
MORE = METHODS[:3]
ROWS, EARLY, PLACE = 10_000, 2_500, RUNS / "critics_mnist"


def game(method: str, space: Any) -> Any:
    """The recipe on the paper's networks."""
    import pushforward as pf
    from pushforward.networks import StridedDCGAN

    given = {"spectral_norm": True} if method == "gc_mmd_sn" else {}
    recipe = getattr(pf.recipes, method.removesuffix("_sn"))
    return recipe(space, network=StridedDCGAN(64, 16), conditional=False, batch_size=64, paper=True, **given)


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Train one cell, or take held-out data for samples, and score."""
    import torch

    torch.set_num_threads(1)
    import pushforward as pf
    from pushforward.features import LeNet
    from pushforward.metrics import KID

    data = pf.data.load(cell["data"])
    lenet = LeNet.trained(data.space, data.train.all(), data.test.all())
    x = data.test.all(ROWS).x
    fx = lenet(x)
    folder.mkdir(parents=True, exist_ok=True)
    np.save(PLACE / "data.npy", fx.numpy())
    if cell["method"] == "data":
        return {"turns": 0, "cpu_seconds": 0.0} | scores(folder, lenet, fx, data.validation.all(ROWS).x)

    def look(done: Any) -> dict[str, Any]:
        y = done.draw(EARLY, seed=1, weights="last").x
        return {"kid": KID()(fx[:EARLY], lenet(y))[0].value}

    made = game(cell["method"], data.space)
    place = PLACE / f"{cell['method']}-{cell['seed']}"  # whatever the time: with more of it, the same run goes on
    last = spent(place, made, data, cell["minutes"], look, span=2.0, seed=cell["seed"])[-1]
    done = pf.load(place / "run")
    found = scores(folder, lenet, fx, done.draw(ROWS, seed=0, weights="last").x)
    return {"turns": last["turns"], "cpu_seconds": last["cpu_seconds"], **found}


def scores(folder: Path, lenet: Any, fx: Any, y: Any) -> dict[str, Any]:
    """KID, FID and IS with their errors; features of y and some of y are kept for ranking and picture."""
    from pushforward.metrics import KID, FrechetDistance, InceptionScore

    fy, p = lenet(y), lenet.classify(y)
    np.save(folder / "features.npy", fy.numpy())
    np.save(folder / "samples.npy", y[:64].numpy())
    kid, fid, score = KID()(fx, fy)[0], FrechetDistance()(fx, fy)[0], InceptionScore()(p, p)[0]
    return {"kid": kid.value, "kid_stderr": kid.stderr, "fid": fid.value, "fid_spread": fid.spread,
            "is": score.value, "is_spread": score.spread, "accuracy": lenet.made_of["accuracy"]}  # fmt: skip


def name(row: dict[str, Any]) -> str:
    """Of the cell's folder."""
    return "-".join(str(row[k]) for k in ("method", "seed", "minutes"))


def ranked(rows: list[dict[str, Any]]) -> str:
    """The ranking of seed 0 by three-sample tests with KID's kernel, in words."""
    from pushforward.kernels import Polynomial
    from pushforward.metrics import ranking

    models = {r["method"]: np.load(PLACE / name(r) / "features.npy") for r in rows if r["seed"] == 0 and r["turns"]}
    return ranking(np.load(PLACE / "data.npy"), models, kernel=Polynomial(3), most=None).words


def picture(rows: list[dict[str, Any]]) -> None:
    """benchmarks/results/critics_mnist.png: 64 samples of the first eight methods, seed 0."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.8, 4.8), dpi=100, layout="constrained")
    for ax, row in zip(figure.subplots(2, 4).flat, (r for r in rows if r["seed"] == 0 and r["turns"]), strict=False):
        y = np.load(PLACE / name(row) / "samples.npy")[:, 0]
        ax.imshow(y.reshape(8, 8, 28, 28).transpose(0, 2, 1, 3).reshape(224, 224), cmap="gray")
        ax.set(xticks=[], yticks=[])
        ax.set_title(f"{row['method']}: {row['turns']} steps, KID {row['kid']:.3g}", fontsize=7)
    figure.savefig(RESULTS / "critics_mnist.png")


if __name__ == "__main__":
    minutes = float(sys.argv[2]) if len(sys.argv) > 2 else 8.0
    extra = {"data": str(Path(sys.argv[1]).resolve())}
    first = [("data", 0), *((m, 0) for m in METHODS)]
    for order in (first, [*first, *((m, s) for s in (1, 2) for m in MORE)]):
        cells = [dict(method=m, seed=s, minutes=minutes) for m, s in order]
        found = measured("critics_mnist", cells, run, extra)
        write("critics_mnist", found)
        picture(found)
        (RESULTS / "critics_mnist.txt").write_text(ranked(found) + "\n")
