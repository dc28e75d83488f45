"""Why `gram` drifts on digits after turn 4,000: its critic, the projection, learns the training rows by heart.

    python -m benchmarks.methods.gram_drift

One seed, 5,000 turns, a minute of one core a run. Every 500 turns: precision, recall, coverage (k = 5, means over
four draws) and energy distance of the averaged sampler against the test part; and, on the features of the critic, the
MMD² of 270 training rows to 270 samples of the sampler that is not averaged, of as many validation rows to these
samples, and of training to validation rows, which is 0 for a critic that has learnt nothing by heart.
"""

from pathlib import Path
from typing import Any
from unittest.mock import patch

import torch

import pushforward as pf
from benchmarks.common.cells import RUNS, write
from pushforward.critics.base import represent
from pushforward.discrepancies import MMD, Unbiased
from pushforward.metrics import PRDC, EnergyDistance
from pushforward.spaces import Batch
from pushforward.training import Training, draw_samples, evaluation_mode
from pushforward.tuning import Adam, Cosine

ADAM = {"lr": 1e-3, "betas": (0.5, 0.999)}
VARIANTS = {
    "as it is": {},
    "critic's weights decay": {"sampler": Adam(**ADAM), "critic": Adam(**ADAM, weight_decay=1e-2)},
    "the same, rates fall": {
        "sampler": Adam(**ADAM, decay=Cosine(0.02)),
        "critic": Adam(**ADAM, decay=Cosine(0.02), weight_decay=1e-2),
    },
}
ROWS, DRAWS = 270, 4


def run(folder: Path, name: str, tune: dict[str, Adam]) -> list[dict[str, Any]]:
    """Train one variant and return a row every 500 turns."""
    data = pf.data.load("digits")
    game, rows = pf.recipes.gram(data.space, conditional=False), []
    game.tune = tune or game.tune
    probe = Training._probe

    def look(training: Training) -> None:
        probe(training)
        if training.number % 500 == 0:
            rows.append({"variant": name, "turn": training.number, **measured(training, data)})
            print(rows[-1], flush=True)

    with patch.object(Training, "_probe", look):
        pf.fit(game, data, steps=5000, run=folder, overwrite=True, quiet=True, verdict=False)
    return rows


def measured(training: Training, data: Any) -> dict[str, float]:
    """Return the scores of the averaged sampler, and what the critic tells apart."""
    x = data.test.all(ROWS).x.flatten(1).double()
    y = draw_samples(training.average.module["sampler"], DRAWS * ROWS, 2).x.flatten(1).double()
    balls = torch.tensor([[s.value for s in PRDC(error=False)(x, part)] for part in y.split(ROWS)]).mean(0)
    kernel, critic = training.game.kernel, training.game.critic()[1]
    with evaluation_mode(training.game), torch.no_grad():
        sides = (
            data.train.all(len(data.train)).x[:ROWS],
            data.validation.all(ROWS).x,
            draw_samples(training.game.sampler, ROWS, 5).x,
        )
        train, validation, samples = (represent(critic, Batch(side)).double() for side in sides)
    mmd = MMD(kernel, Unbiased())
    return {
        "precision": float(balls[0]),
        "recall": float(balls[1]),
        "coverage": float(balls[3]),
        "energy": EnergyDistance()(x, y)[0].value,
        "train_samples": float(mmd(train, samples)),
        "validation_samples": float(mmd(validation, samples)),
        "train_validation": float(mmd(train, validation)),
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    write("gram_drift", [r for n, t in VARIANTS.items() for r in run(RUNS / "gram_drift" / n.replace(" ", "-"), n, t)])
