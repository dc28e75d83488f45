"""CIFAR-10, critics of 16 filters: rq* against WGAN-GP, KID along the way at equal one-thread CPU time.

    python -m benchmarks.methods.critics_cifar FOLDER [MINUTES [WEIGHTS [IMAGES]]]

FOLDER holds cifar10_train.zip and cifar10_test.zip. The two runs take turns, four minutes each, until both have had
MINUTES (60) of one thread's CPU time; with a larger number they go on later. Networks and batches are those of
`critics_mnist.py`. KID along the way is that of 2,500 samples of the averaged generator on the features of a classifier
trained here. At the end, KID and FID of 10,000 samples against the 10,000 test images, and the three-sample test of the
difference; with WEIGHTS, a file of FID Inception weights, the same on its 768 features for the first IMAGES (1,500) of
each.
"""

import io
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from benchmarks.common.cells import RESULTS, RUNS, write
from benchmarks.common.spans import read, spent

METHODS, PLACE = ("mmd_gan_gp", "wgan_gp"), RUNS / "critics_cifar"
ROWS, EARLY = 10_000, 2_500


def arrays(folder: Path) -> Path:
    """The pictures as one .npz."""
    path = PLACE / "cifar10.npz"
    if not path.exists():
        PLACE.mkdir(parents=True, exist_ok=True)
        parts: dict[str, Any] = {}
        for part in ("train", "test"):
            strips = zipfile.ZipFile(folder / f"cifar10_{part}.zip")
            label = np.load(strips.open("labels.npy"))
            names = [f"strip_{i:03d}.webp" for i in range(len(label) // 500)]
            x = [np.asarray(Image.open(io.BytesIO(strips.read(n)))).reshape(-1, 32, 32, 3) for n in names]
            parts |= {f"{part}_images": np.concatenate(x), f"{part}_labels": label}
        np.savez(path, **parts)
    return path


def trained(data: Any, lenet: Any, fx: Any, minutes: float) -> None:
    """Both runs, four minutes each in turn."""
    import pushforward as pf
    from pushforward.metrics import KID
    from pushforward.networks import StridedDCGAN

    def look(done: Any) -> dict[str, Any]:
        kid = KID()(fx[:EARLY], lenet(done.draw(EARLY, seed=1, weights="last").x))[0]
        return {"kid": kid.value, "kid_stderr": kid.stderr}

    over = set()
    while len(over) < len(METHODS):
        for method in METHODS:
            game = getattr(pf.recipes, method)(
                data.space, network=StridedDCGAN(64, 16), conditional=False, batch_size=64, paper=True
            )
            curve = spent(PLACE / method, game, data, minutes, look, span=4.0, once=True)
            over |= {method} if curve[-1]["cpu_seconds"] >= 60 * minutes - 1 else set()
            print(method, curve[-1], flush=True)


def judged(data: Any, features: dict[str, tuple[Any, int]]) -> tuple[list[dict[str, Any]], list[str]]:
    """A row a method and a feature map, and a sentence a map on the difference."""
    import pushforward as pf
    from pushforward.kernels import Polynomial
    from pushforward.metrics import KID, FrechetDistance, three_sample_test

    rows, told = [], []
    for what, (f, n) in features.items():
        x = kept(f"{what}-data-{n}", lambda f=f, n=n: f(data.test.all(n).x))
        found = {}
        for method in METHODS:
            turns = read(PLACE / method / "curve.jsonl")[-1]["turns"]
            draw = lambda m=method, f=f, n=n: f(pf.load(PLACE / m / "run").draw(n, seed=0, weights="last").x)
            y = found[method] = kept(f"{what}-{method}-{turns}-{n}", draw)
            kid, fid = KID()(x, y)[0], FrechetDistance()(x, y)[0]
            rows.append({"features": what, "method": method, "turns": turns, "images": n, "kid": kid.value,
                         "kid_stderr": kid.stderr, "fid": fid.value, "fid_spread": fid.spread})  # fmt: skip
        t = three_sample_test(x, *found.values(), kernel=Polynomial(3), most=None)
        told.append(f"{what}: KID of {METHODS[0]} minus KID of {METHODS[1]}: {t.difference:.4g} ± {t.stderr:.2g}, "
                    f"p = {t.p_value:.2g}, {n} images each.")  # fmt: skip
    return rows, told


def kept(name: str, make: Any) -> Any:
    """Features, computed once."""
    path = PLACE / f"{name}.npy"
    if not path.exists():
        np.save(path, make().numpy())
    return torch.from_numpy(np.load(path))


def curves() -> list[dict[str, Any]]:
    """Every record of both runs; and benchmarks/results/critics_cifar.png."""
    from matplotlib.figure import Figure

    import pushforward as pf

    figure = Figure(figsize=(10, 3.4), dpi=100, layout="constrained")
    axes, rows = figure.subplots(1, 3), []
    for ax, method in zip(axes[1:], METHODS, strict=True):
        curve = read(PLACE / method / "curve.jsonl")
        rows += [{"method": method, **r} for r in curve]
        axes[0].errorbar([r["turns"] for r in curve], [r["kid"] for r in curve], [r["kid_stderr"] for r in curve],
                         label=method)  # fmt: skip
        y = pf.load(PLACE / method / "run").draw(64, weights="last").x.add(1).div(2).permute(0, 2, 3, 1)
        ax.imshow(y.reshape(8, 8, 32, 32, 3).permute(0, 2, 1, 3, 4).reshape(256, 256, 3).clamp(0, 1))
        ax.set(xticks=[], yticks=[])
        ax.set_title(f"{method}, {curve[-1]['turns']} steps", fontsize=7)
    axes[0].set(xlabel="generator steps", ylabel="KID", yscale="log")
    axes[0].legend()
    figure.savefig(RESULTS / "critics_cifar.png")
    return rows


if __name__ == "__main__":
    torch.set_num_threads(1)
    import pushforward as pf
    from pushforward.features import Inception, LeNet

    minutes = float(sys.argv[2]) if len(sys.argv) > 2 else 60.0
    data = pf.data.load(str(arrays(Path(sys.argv[1]))))
    lenet = LeNet.trained(data.space, data.train.all(), data.test.all())
    trained(data, lenet, lenet(data.test.all(ROWS).x), minutes)
    features: dict[str, tuple[Any, int]] = {"classifier": (lenet, ROWS)}
    write("critics_cifar_curve", curves())
    if len(sys.argv) > 3:
        images = int(sys.argv[4]) if len(sys.argv) > 4 else 1500
        features["inception-768"] = Inception.from_file(sys.argv[3], width=768), images
    rows, told = judged(data, features)
    write("critics_cifar", rows)
    told.append(f"The classifier is right on {lenet.made_of['accuracy']:.1%} of the test images.")
    (RESULTS / "critics_cifar.txt").write_text("\n".join(told) + "\n")
