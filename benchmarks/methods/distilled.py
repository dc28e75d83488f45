"""One-step samplers that learn the map of a slow exact density: `distilled` from `grid-cdf` on MNIST.

    python -m benchmarks.methods.distilled MNIST.npz            # goes on where it was stopped
    python -m benchmarks.methods.distilled MNIST.npz written    # the table of what is there

CPU seconds are of training alone, on one thread. Recipes are as they come, with labels `given` to both sides or
to none. `ms` are milliseconds a sample, the shortest of five draws of 256, `faster` how many times as long the teacher
takes, timed in the same minute. Scores are those of 4,000 samples on LeNet features of the true classes (seed 0),
against the test images. `pair_error` is the mean square of a pixel, in [−1, 1], by which a sample is off what the
teacher makes of the same noise, for 1,000 new draws: with `regression` 0 nothing asks for it, and the row is a GAN of
the same networks.
"""

import sys
from pathlib import Path
from typing import Any

from benchmarks.common.cells import RUNS, done, measured_here, write
from benchmarks.common.pictures import judged, scores, trained
from benchmarks.common.speed import speed

SAMPLES, PAIRS, TEACHER = 4000, 1000, 120
NAME = "distilled"
FILES: dict[str, str] = {}
"""Where the data lie."""


def cells() -> list[dict[str, Any]]:
    """Each teacher and its student of both parts, at both budgets; then each part alone."""
    students = [("distilled", labels, 1.0, 1.0, seconds) for seconds in (120, 300) for labels in ("given", "none")]
    rows = [_teaching("given"), students[0], _teaching("none"), *students[1:]]
    rows += [("distilled", "none", 1.0, 0.0, 120), ("distilled", "none", 0.0, 1.0, 120)]
    return [dict(zip(("recipe", "labels", "regression", "adversarial", "seconds"), row, strict=True)) for row in rows]


def _teaching(labels: str) -> tuple[Any, ...]:
    return "grid_cdf", labels, 0.0, 0.0, TEACHER


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Train the teacher, or a student of the one that is there, and measure its samples and their time."""
    import pushforward as pf

    row, data = speed(), pf.data.load(FILES["mnist"])
    told = cell["labels"] == "given"
    if cell["recipe"] == "grid_cdf":
        game = pf.recipes.grid_cdf(data.space, conditional=told)
    else:
        weights = {"regression": cell["regression"], "adversarial": cell["adversarial"]}
        game = pf.recipes.distilled(data.space, teacher=str(_teacher(cell)), conditional=told, **weights)
    made, found = trained(game, data, folder, cell["seconds"])
    found = {name: found[name] for name in ("turns", "state", "cpu_seconds")} | _scores(made)
    return found | _times(made, cell) | {"pair_error": _pair_error(made, cell)} | row


def _teacher(cell: dict[str, Any]) -> Path:
    """Return the run folder of the teacher of a cell."""
    return RUNS / NAME / "-".join(str(v) for v in _teaching(cell["labels"]))


def _scores(made: Any) -> dict[str, float]:
    found = scores(judged(FILES["mnist"]), made.draw(SAMPLES, seed=1).x)
    return {name: found[name] for name in ("kid", "kid_stderr", "precision", "recall", "coverage", "inception_score")}


def _times(made: Any, cell: dict[str, Any]) -> dict[str, Any]:
    """Return the milliseconds of a sample, and how many times as long the teacher takes."""
    import pushforward as pf
    from pushforward.verbs.teaching import seconds_a_sample

    own = seconds_a_sample(made.sampler())
    its = own if cell["recipe"] == "grid_cdf" else seconds_a_sample(pf.load(_teacher(cell)).sampler())
    return {"ms": 1000 * own, "faster": its / own}


def _pair_error(made: Any, cell: dict[str, Any]) -> float | str:
    """Return the mean square of the difference to the teacher's image of the same noise."""
    import torch

    import pushforward as pf
    from pushforward.games.pairs import Pairs

    if cell["recipe"] == "grid_cdf":
        return ""
    pair = Pairs(pf.load(_teacher(cell)).sampler(), seed=10**6, most=PAIRS, fresh=1, block=PAIRS).draw(0, PAIRS)
    with torch.no_grad():
        return float((made.sampler().push(pair.z, pair.label) - pair.x).square().mean())


if __name__ == "__main__":
    FILES["mnist"] = sys.argv[1]
    write(NAME, measured_here(NAME, [c for c in cells() if sys.argv[2:] != ["written"] or done(NAME, c)], run))
