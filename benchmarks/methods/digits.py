"""Digits by the README's command, and by `gram`: three seeds, and training digits in the samples' place beside them.

    python -m benchmarks.methods.digits          # goes on where it was stopped
    python -m benchmarks.methods.digits written  # the table of what is there

`fit --data digits` is `drifting` with its own budget; every recipe is as it comes. Means over ten draws of 270 samples
of the state that is handed over against the 270 test digits, which nothing was trained or chosen on, in pixels, k = 5.
`memorisation` is the p-value of the test that samples lie nearer to training digits than test digits do, of the first
draw. `cpu_seconds` are of training alone on one thread, `fit_seconds` of all that `fit` does before it judges.
"""

import sys
from pathlib import Path
from typing import Any

from benchmarks.common.cells import done, measured_here, write
from benchmarks.common.pictures import trained
from benchmarks.common.speed import speed
from benchmarks.methods.drifting import DRAWS, digits

COLUMNS = ("turns", "state", "cpu_seconds", "fit_seconds")


def cells() -> list[dict[str, Any]]:
    """Training digits, the README's command, and `gram` at its defaults."""
    named = [("training digits", 0), *(("drifting", s) for s in (0, 1, 2)), *(("gram", s) for s in (0, 1, 2))]
    return [{"recipe": what, "seed": seed} for what, seed in named]


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """One seed."""
    import torch

    torch.set_num_threads(1)
    import pushforward as pf

    data, row = pf.data.load("digits"), dict.fromkeys(COLUMNS, "") | speed()
    n = DRAWS * len(data.test)
    if cell["recipe"] == "training digits":
        folder.mkdir(parents=True, exist_ok=True)
        x = data.train.all().x
        torch.manual_seed(0)
        y = torch.cat([x[torch.randperm(len(x))] for _ in range(1 + n // len(x))])[:n]
        return row | digits(data, y) | {"memorisation": ""}
    game = getattr(pf.recipes, cell["recipe"])(data.space)
    done, found = trained(game, data, folder, None, seed=cell["seed"])
    y = done.draw(n, seed=1).x
    return row | found | digits(data, y) | {"memorisation": copied(data, y[: len(data.test)])}


def copied(data: Any, y: Any) -> float:
    """The p-value of the test for copies of training digits."""
    from pushforward.metrics import memorisation

    train, test, samples = (x.flatten(1).double() for x in (data.train.all(len(data.train)).x, data.test.all().x, y))
    return memorisation(train, test, samples).p_value


if __name__ == "__main__":
    written = sys.argv[1:] == ["written"]
    write("digits", measured_here("digits", [c for c in cells() if not written or done("digits", c)], run))
