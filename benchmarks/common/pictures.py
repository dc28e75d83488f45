"""Pictures made in so many CPU seconds of training alone, and what is measured of them on LeNet features."""

import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

SAMPLES, K = 10_000, 5


@dataclass(frozen=True)
class Judged:
    """A data set with the LeNet of its classes (seed 0) and the features of its test part.

    Args:
        data: as loaded.
        lenet: trained on its training part.
        features: of the test images.
    """

    data: Any
    lenet: Any
    features: Any


@cache
def judged(path: str, groups: str | None = None) -> Judged:
    """The data of a file, ready to be judged; read once. `groups` as of `load`."""
    import pushforward as pf
    from pushforward.features import LeNet

    data = pf.data.load(path, groups=groups)
    lenet = LeNet.trained(data.space, data.train.all(), data.test.all())
    return Judged(data, lenet, lenet(data.test.all(SAMPLES).x))


def trained(
    game: Any, data: Any, folder: Path, cpu_seconds: float | None, **options: Any
) -> tuple[Any, dict[str, float]]:
    """The run of a game that had so many CPU seconds of this thread for its turns alone, and the turns it made.

    Without seconds, it has the budget that `fit` gives it.

    The clock of the loop is replaced by the processor's, so that a busy machine changes nothing and schedules fit.
    """
    import torch

    import pushforward as pf

    torch.set_num_threads(1)
    began = time.process_time()
    minutes = None if cpu_seconds is None else cpu_seconds / 60
    with patch("pushforward.training.loop.time", SimpleNamespace(monotonic=time.process_time)):
        run = pf.fit(game, data, minutes=minutes, run=folder, overwrite=True, threads=1, verdict=False, quiet=True,
                     checkpoint_every=10**9, **options)  # fmt: skip
    last = run.folder.checkpoints.load_last()
    return run, {
        "turns": last.turn,
        "state": run.folder.checkpoints.load_best().turn,
        "cpu_seconds": last.state["seconds"],
        "fit_seconds": time.process_time() - began,
    }


def scores(of: Judged, y: Any) -> dict[str, float]:
    """KID with its error, precision, recall and coverage, inception score, class KL and the classes present."""
    from pushforward.metrics import KID, InceptionScore, class_histogram, prdc

    fy = of.lenet(y)
    kid, near = KID()(of.features, fy)[0], prdc(of.features, fy, k=K)
    classes = class_histogram(of.lenet.classes(y, of.features), of.lenet.classes(y, fy))
    inception = InceptionScore()(of.lenet.classes(y, of.features), of.lenet.classes(y, fy))[0]
    return {
        "kid": kid.value, "kid_stderr": kid.stderr, "precision": near.precision, "recall": near.recall,
        "coverage": near.coverage, "inception_score": inception.value, "class_kl": classes.kl,
        "classes": classes.present,
    }  # fmt: skip
