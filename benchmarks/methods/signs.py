"""Traffic signs at 64 pixels, 43 classes: `sn-smmd`, `sn-gan`, `bgan` and `wgan-gp` as they come, one minute each.

    python -m benchmarks.methods.signs SIGNS.parquet [written]      # goes on where it was stopped

CPU seconds are of training alone, on one thread, seed 0. As many samples of the state that is handed over as there are
test pictures, against these, on LeNet features (seed 0, never matched on); training pictures in their place beside
them. Training and test part have neighbouring frames of the same signs, so they are as alike as they can be. The grids,
signs.png, have one picture of each of the first twelve classes in a column, three rows.
"""

import sys
from pathlib import Path
from typing import Any

from benchmarks.common.cells import RESULTS, RUNS, done, measured_here, write
from benchmarks.common.pictures import judged, scores, trained
from benchmarks.common.speed import speed

CPU_SECONDS, COLUMNS, ROWS = 60, 12, 3
RECIPES = ("sn_smmd", "sn_gan", "bgan", "wgan_gp")
DATA = "training pictures"
NOTHING = {"turns": 0, "state": 0, "cpu_seconds": 0.0, "fit_seconds": 0.0}


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Train a recipe as it comes, or take training pictures, and measure."""
    import pushforward as pf

    row, of = speed(), judged(sys.argv[1])
    n = len(of.data.test)
    if cell["recipe"] == DATA:
        folder.mkdir(parents=True, exist_ok=True)
        return NOTHING | scores(of, of.data.train.all().x[:n]) | row
    game = getattr(pf.recipes, cell["recipe"])(of.data.space)
    made, found = trained(game, of.data, folder, CPU_SECONDS, seed=0)
    return found | scores(of, made.draw(n, seed=1).x) | row


def picture(cells: list[dict[str, Any]]) -> None:
    """The grids, one above the other."""
    import torch
    from matplotlib.figure import Figure

    import pushforward as pf

    figure = Figure(figsize=(COLUMNS * 0.55, len(cells) * (ROWS * 0.55 + 0.25)), dpi=64, layout="constrained")
    train = pf.data.load(sys.argv[1]).train.all()
    for ax, cell in zip(figure.subplots(len(cells), 1), cells, strict=True):
        name = cell["recipe"]
        if name == DATA:
            x = torch.stack([train.x[train.label == c][:ROWS] for c in range(COLUMNS)], 1).flatten(0, 1)
        else:
            made = pf.load(RUNS / "signs" / name)
            classes = made.game.space.classes[:COLUMNS]
            x = torch.stack([made.draw(ROWS, seed=2, label=c).x for c in classes], 1).flatten(0, 1)
        side = x.shape[-1]
        ax.imshow(x.add(1).div(2).view(ROWS, COLUMNS, 3, side, side).permute(0, 3, 1, 4, 2).flatten(2, 3).flatten(0, 1))
        ax.set(xticks=[], yticks=[])
        ax.set_title(name.replace("_", "-"), fontsize=8)
    figure.savefig(RESULTS / "signs.png")


if __name__ == "__main__":
    written = sys.argv[2:] == ["written"]
    found = [c for c in ({"recipe": r} for r in (DATA, *RECIPES)) if not written or done("signs", c)]
    write("signs", measured_here("signs", found, run))
    picture(found)
