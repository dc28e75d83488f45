"""The verdict on a run: its samples against the test part, which nothing was trained or chosen on."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from torch import Tensor

from pushforward.data import Data
from pushforward.features import LeNet
from pushforward.metrics import EnergyDistance, Score, Verdict, verdict
from pushforward.spaces import Batch, Image
from pushforward.training import Probe
from pushforward.verbs.panels import panels
from pushforward.verbs.reporting import report
from pushforward.verbs.settings import Settings

if TYPE_CHECKING:
    from pushforward.verbs.run import Run

TEST_ROWS = 10_000


def default_probes() -> Mapping[str, Probe]:
    """The energy distance: it has no bandwidth to choose, and an error bar."""
    return {"energy": energy}


def energy(x: Tensor, y: Tensor) -> Score:
    """2·E‖x − y‖ − E‖x − x′‖ − E‖y − y′‖."""
    return EnergyDistance()(x, y)[0]


def judge(run: "Run", settings: Settings) -> Verdict:
    """Verdict, panels, samples and page of a trained run."""
    data, folder = run.data, run.folder
    x, y = data.test.all(TEST_ROWS), run.draw(min(TEST_ROWS, len(data.test)), seed=settings.seed)
    found = judged(data, x, y, settings.seed)
    folder.write_json("verdict.json", found.to_json())
    if settings.examples:
        folder.write_arrays("panels.npz", panels(run, x, y))
    run.codec.write(y, folder.path / f"samples{run.codec.suffix}")
    report([folder.path])
    return found


def judged(data: Data, x: Batch, y: Batch, seed: int) -> Verdict:
    """The verdict on samples y against data x, with everything that is known about the data."""
    features = classifier(data) if classified(data) else None
    train = data.train.all(TEST_ROWS)
    return verdict(
        x.x.flatten(1), y.x.flatten(1), train=train.x.flatten(1), features=features, modes=data.modes, seed=seed
    )


def classifier(data: Data) -> LeNet:
    """The LeNet of the training part, its accuracy that on the validation part."""
    return LeNet.trained(data.space, data.train.all(), data.validation.all())


def classified(data: Data) -> bool:
    """Whether a classifier can be trained: labelled pictures."""
    return isinstance(data.space, Image) and len(data.space.classes) > 1
