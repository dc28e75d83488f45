"""The measurement of many metrics at once: scores with their floors, and whether they say anything at these sizes."""

from dataclasses import replace

from torch import Tensor

from pushforward.metrics.base import Metric, Score
from pushforward.metrics.diagnosis.uninformative import uninformative
from pushforward.metrics.scores.prdc import PRDC
from pushforward.metrics.side import Side
from pushforward.metrics.significance.classifier import C2ST, ClassifierTest
from pushforward.metrics.significance.detection import Detection, DetectionTest
from pushforward.metrics.uncertainty.floor import floor, floor_of_stream
from pushforward.progress import step

CHEAP = 10**9
"""Multiplications of one Gram matrix up to which a floor is measured without being asked for."""

Learnt = ClassifierTest | DetectionTest

SPLITS = 5
"""Random splits of the data for a floor."""


@step("measuring scores")
def measured(
    metrics: tuple[Metric, ...], real: Side, fake: Side, floors: bool | None, seed: int
) -> tuple[list[Score], dict[str, Learnt]]:
    """Return the scores, each with what parts of the data give where that is wanted; and the tests of classifiers.

    Args:
        metrics: that are wanted.
        real: the data.
        fake: the samples.
        floors: measure what parts of the data score; where that is cheap for None.
        seed: of splits and shuffles.
    """
    scores: list[Score] = []
    tests: dict[str, Learnt] = {}
    for metric in metrics:
        all_x, all_y = real.stream(metric), fake.stream(metric)
        if all_x is not None and all_y is not None and metric.streams(len(all_x), len(all_y), all_x.width):
            sizes = (len(all_x), len(all_y))
            of_data = floor_of_stream(metric.plain, all_x, sizes=sizes, repeats=SPLITS, seed=seed) if floors else {}
            scores += [replace(s, floor=of_data.get(s.name)) for s in metric.of_streams(all_x, all_y)]
            continue
        x, y = real.read(metric), fake.read(metric)
        cheap = metric.plain.linear or max(len(x), len(y)) ** 2 * x.shape[1] <= CHEAP
        wanted = (floors or (floors is None and cheap)) and len(x) // 2 >= metric.plain.least_samples
        of_data = floor(metric.plain, x, sizes=(len(x), len(y)), repeats=SPLITS, seed=seed) if wanted else {}
        poorest = metric.plain.poorest(x) if wanted else {}
        if isinstance(metric.plain, C2ST | Detection):
            tests[metric.name] = metric.plain.test(x, y)
        own = (tests[metric.name].score(),) if isinstance(metric, C2ST | Detection) else metric(x, y)
        if isinstance(metric.plain, PRDC):
            own = _tried(metric.plain, x, len(y), own, seed)
        scores += [replace(s, floor=of_data.get(s.name), worst=poorest.get(s.name)) for s in own]
    return scores, tests


def _tried(metric: PRDC, x: Tensor, m: int, scores: tuple[Score, ...], seed: int) -> tuple[Score, ...]:
    """Return the neighbour scores, with what they are worth at these sizes."""
    reasons = uninformative(metric, x, m, {s.name: s for s in scores}, seed=seed)
    return tuple(replace(s, informative=s.name not in reasons, reason=reasons.get(s.name)) for s in scores)
