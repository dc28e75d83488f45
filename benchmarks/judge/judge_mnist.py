"""The judge on MNIST: what must not be rejected, what must be, and what must be named.

    python -m benchmarks.judge.judge_mnist MNIST.npz [SAMPLES]

MNIST.npz holds train_images, train_labels, test_images and test_labels. Random halves of the official test images are
tested against each other, in pixels and on LeNet features, forty times each: about one in twenty may be rejected. Then
one half is scored against: the other half; the other half without one digit, for three digits; training images; and
SAMPLES, a file of a sampler's pictures, where it is given. Pages are left in benchmarks/runs/judge_mnist.
"""

import sys
from pathlib import Path
from typing import Any

from benchmarks.common.cells import measured, write

ROWS, HALVINGS, PER_CELL = 2000, 40, 10
HALVES = [
    {"what": f"halves {space}", "seed": seed} for space in ("pixels", "lenet") for seed in range(0, HALVINGS, PER_CELL)
]
SCORED = [
    {"what": what, "seed": 0} for what in ("other half", "without 3", "training images", "without 1", "without 8")
]
COLUMNS = ("tests", "rejected", "p_value", "effect_size", "precision", "recall", "coverage", "kid", "missed", "over",
           "missed_share", "copy_p_value", "copies")  # fmt: skip


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """One cell."""
    import torch

    torch.set_num_threads(1)
    import pushforward as pf

    folder.mkdir(parents=True, exist_ok=True)
    data = pf.data.load(cell["mnist"])
    found = halves(data, cell) if cell["what"].startswith("halves") else scored(folder, data, cell)
    return {name: found.get(name, "") for name in COLUMNS}


def halves(data: Any, cell: dict[str, Any]) -> dict[str, Any]:
    """How many of ten random halvings of the test images are rejected at 5 %."""
    import torch

    from pushforward.judging.class_features import classifier
    from pushforward.metrics import two_sample_test

    x = data.test.all().x
    z = (classifier(data)(x) if cell["what"].endswith("lenet") else x.flatten(1)).double()
    rejected = 0
    for seed in range(cell["seed"], cell["seed"] + PER_CELL):
        order = torch.randperm(len(z), generator=torch.Generator().manual_seed(seed))
        a, b = z[order].tensor_split(2)
        rejected += two_sample_test(a, b, most=ROWS // 2, seed=seed).rejected
    return {"tests": PER_CELL, "rejected": rejected}


def scored(folder: Path, data: Any, cell: dict[str, Any]) -> dict[str, Any]:
    """The verdict on one set of pictures against half of the test images, and its page."""
    import torch

    import pushforward as pf
    from pushforward.data import Part
    from pushforward.spaces import Batch

    order = torch.randperm(len(data.test), generator=torch.Generator().manual_seed(1))
    half, other = (data.test.take(i) for i in order.tensor_split(2))
    fakes = {
        "other half": lambda: other.x,
        "training images": lambda: data.train.all(ROWS).x,
        "samples": lambda: data.codec.read(cell["samples"]).x,
    }
    digit = int(cell["what"][-1]) if cell["what"].startswith("without") else None
    fake = other.x[other.label != digit] if digit is not None else fakes[cell["what"]]()

    class Held(Part):
        """The half that the samples are compared with, in place of the whole test part."""

        def __len__(self) -> int:
            return len(half.x)

        def take(self, index: torch.Tensor) -> Batch:
            return Batch(half.x[index], half.label[index])

        def to(self, device: Any) -> "Held":
            return self

    from dataclasses import replace

    held = replace(data, test=Held())
    found = pf.score(held, Batch(fake), rows=ROWS, train=data.train.all(), floor=False, report=folder / "page.html")
    test, copied = found.tests["two-sample"], found.tests["memorisation"]
    share = (half.label[list(found.where.missed.rows)] == digit).double().mean().item() if digit is not None else ""
    names = ("precision", "recall", "coverage", "kid")
    return {
        "tests": 1, "rejected": int(test["rejected"]), "p_value": test["p_value"], "effect_size": test["effect_size"],
        **{name: found[name].value for name in names}, "missed": " ".join(found.classes.missed),
        "over": " ".join(found.classes.over), "missed_share": share, "copy_p_value": copied["p_value"],
        "copies": found.copied.copies,
    }  # fmt: skip


if __name__ == "__main__":
    mnist, *samples = sys.argv[1:]
    more = [{"what": "samples", "seed": 0}] if samples else []
    told = {"mnist": mnist, "samples": samples[0] if samples else None}
    write("judge_mnist", measured("judge_mnist", [*SCORED[:3], *more, *HALVES, *SCORED[3:]], run, told))
