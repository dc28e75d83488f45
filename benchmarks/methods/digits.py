"""Digits by the README's command, and by `gram`: three seeds, and digits in the samples' place beside them.

    python -m benchmarks.methods.digits          # goes on where it was stopped
    python -m benchmarks.methods.digits written  # the table of what is there

`fit --data digits` is `drifting` with its own budget; every recipe is as it comes. Means over ten draws of 270 samples
of the state that is handed over against the 270 test digits, which nothing was trained or chosen on, in pixels, k = 5.
`memorisation` is the p-value of the test for copies of training digits, of the first draw, and `nearer` how often its
samples lie nearer to training digits than to as many test digits. In the samples' place: training digits, validation
digits, and training digits moved by noise of deviation 0.1 (pixels lie in [−1, 1]). `cpu_seconds` are of training alone
on one thread, `fit_seconds` of all that `fit` does before it judges.
"""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.common.cells import done, measured_here, write
from benchmarks.common.pictures import trained
from benchmarks.common.speed import speed
from benchmarks.methods.drifting import DRAWS, digits

BESIDE = ("training digits", "validation digits", "training digits moved")
DECAYED = ", critic's weights decay"
COLUMNS = ("turns", "state", "cpu_seconds", "fit_seconds")


def cells() -> list[dict[str, Any]]:
    """Digits in the samples' place, the README's command, and `gram`, also where its critic's weights decay by 0.01."""
    named = [*((what, 0) for what in BESIDE), *(("drifting", s) for s in (0, 1, 2)), *(("gram", s) for s in (0, 1, 2))]
    named += [("gram" + DECAYED, s) for s in (0, 1, 2)]
    return [{"recipe": what, "seed": seed} for what, seed in named]


def beside(data: Any, what: str) -> Any:
    """Digits in the samples' place."""
    import torch

    torch.manual_seed(0)
    x = (data.validation if what == "validation digits" else data.train).all(len(data.train)).x
    y = torch.cat([x[torch.randperm(len(x))] for _ in range(1 + DRAWS * len(data.test) // len(x))])
    y = x if what == "validation digits" else y[: DRAWS * len(data.test)]
    return (y + 0.1 * torch.randn(y.shape)).clamp(-1, 1) if what == "training digits moved" else y


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """One seed."""
    import torch

    torch.set_num_threads(1)
    import pushforward as pf

    data, found, row = pf.data.load("digits"), dict.fromkeys(COLUMNS, ""), speed()
    if cell["recipe"] in BESIDE:
        folder.mkdir(parents=True, exist_ok=True)
        y = beside(data, cell["recipe"])
    else:
        game = getattr(pf.recipes, cell["recipe"].removesuffix(DECAYED))(data.space)
        if cell["recipe"].endswith(DECAYED):
            game.tune = {**game.tune, "critic": replace(game.tune["critic"], weight_decay=0.01)}
        made, found = trained(game, data, folder, None, seed=cell["seed"])
        y = made.draw(DRAWS * len(data.test), seed=1).x
    return found | digits(data, y) | copied(data, y[: len(data.test)]) | row


def copied(data: Any, y: Any) -> dict[str, float]:
    """What the test for copies of training digits says."""
    from pushforward.metrics import memorisation

    train, test, samples = (x.flatten(1).double() for x in (data.train.all(len(data.train)).x, data.test.all().x, y))
    outcome = memorisation(train, test, samples)
    return {"memorisation": outcome.p_value, "nearer": outcome.closer}


if __name__ == "__main__":
    written = sys.argv[1:] == ["written"]
    write("digits", measured_here("digits", [c for c in cells() if not written or done("digits", c)], run))
