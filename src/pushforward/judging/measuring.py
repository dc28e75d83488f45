"""The measurements of a verdict: scores with their floors, tests, and where data and samples differ."""

from dataclasses import replace

import torch
from torch import Tensor

from pushforward.errors import Refused
from pushforward.judging.evidence import Evidence, Side, Sorting
from pushforward.judging.findings import Findings
from pushforward.judging.request import Request
from pushforward.metrics.base import Metric, Score
from pushforward.metrics.diagnosis.modes import modes as count_modes
from pushforward.metrics.diagnosis.uninformative import uninformative
from pushforward.metrics.diagnosis.where import where
from pushforward.metrics.numerics.moments import Moments
from pushforward.metrics.scores.frechet import frechet_to, size_note
from pushforward.metrics.scores.prdc import PRDC
from pushforward.metrics.significance.classifier import C2ST, ClassifierTest
from pushforward.metrics.significance.memorisation import Memorisation, memorisation
from pushforward.metrics.significance.two_sample import two_sample_test
from pushforward.metrics.uncertainty.floor import floor, floor_of_stream
from pushforward.progress import step

CHEAP = 10**9
"""Multiplications of one Gram matrix up to which a floor is measured without being asked for."""

SPLITS = 5
"""Random splits of the data for a floor."""


def measure(evidence: Evidence, request: Request, *, floors: bool | None, seed: int) -> Findings:
    """Return all that is wanted and can be known of the samples.

    Args:
        evidence: data and samples as features, and whatever else is known.
        request: what is wanted.
        floors: measure what parts of the data score; where that is cheap for None.
        seed: of relabellings, splits and subsamples.

    Raises:
        Refused: if a score needs what is not there.
    """
    _refuse_absent(evidence, request)
    if isinstance(evidence.real, Moments):
        return _to_moments(evidence.real, evidence, request)
    x, y = evidence.real.features, evidence.fake.features
    kept = request.within(min(len(x), len(y)))
    test, copied = two_sample_test(x, y, seed=seed), _copied(evidence, seed)
    modes = None if evidence.modes is None else count_modes(evidence.modes[1], evidence.modes[0])
    classes = None if evidence.sorting is None else evidence.sorting.classes()
    scores, classifier = measured(kept.metrics, evidence.real, evidence.fake, floors, seed)
    if evidence.sorting is not None:
        scores += measured(kept.learnt, evidence.sorting.real, evidence.sorting.fake, floors, seed)[0]
    seen: Sorting | Evidence = evidence.sorting or evidence
    assert isinstance(seen.real, Side)  # as above
    scores = [s for s in scores if s.name in kept.names]
    scores += [found.score() for found in (classes, copied, modes) if found is not None]
    return Findings(
        (len(x), len(y)),
        tuple(scores + ([] if evidence.density is None else [evidence.density])),
        test,
        classifier,
        copied,
        evidence.constants,
        modes,
        classes,
        where(seen.real.features, seen.fake.features, seed=seed),
        k=next((m.plain.k for m in kept.metrics if isinstance(m.plain, PRDC)), PRDC().k),
        left_out=tuple(name for name in request.names if name not in kept.names),
    )


def _refuse_absent(evidence: Evidence, request: Request) -> None:
    """Refuse a score that needs what nobody gave."""
    for name in {"bits-per-dimension", "log-likelihood"} & set(request.special):
        if evidence.density is None or evidence.density.name != name:
            raise Refused(
                f"{name} needs a sampler with a likelihood (pictures have bits-per-dimension, rows log-likelihood): "
                "name log densities with --log-prob, or judge a run that has a density."
            )
    if evidence.train is None and "memorisation" in request.special:
        raise Refused("memorisation needs the training data; name them with --train.")
    if evidence.modes is None and "modes" in request.special:
        raise Refused("modes needs data whose modes are known, such as ring or grid; leave it out.")


def _copied(evidence: Evidence, seed: int) -> Memorisation | None:
    """Return the training-copy test, where there are training data."""
    if evidence.train is None:
        return None
    unseen = evidence.real if evidence.test is None else evidence.test
    assert isinstance(unseen, Side)  # rows are at hand
    y = evidence.fake.features if evidence.more is None else torch.cat([evidence.fake.features, evidence.more])
    return memorisation(evidence.train.features, unseen.features, y, seed=seed)


def _to_moments(real: Moments, evidence: Evidence, request: Request) -> Findings:
    """Return the Fréchet distance to a mean and a covariance, which is all that they serve."""
    if others := [name for name in request.names if name != "fid"]:
        raise Refused(
            f"{evidence.names[0]} holds mu and sigma only, which serve fid; {others[0]} needs the rows of the data, or "
            "a file that --save-reference wrote."
        )
    y = evidence.fake.features
    note = f"{size_note(real.n or len(y), len(y), y.shape[1])}; the spread is of the samples' rows alone"
    value, variance = frechet_to(real, y)
    score = Score("fid", value, None, None, "lower", "influence function", note, spread=variance**0.5)
    return Findings((real.n, len(y)), (score,))


@step("measuring scores")
def measured(
    metrics: tuple[Metric, ...], real: Side, fake: Side, floors: bool | None, seed: int
) -> tuple[list[Score], ClassifierTest | None]:
    """Return the scores, each with what parts of the data give where that is wanted; and the classifier's test, if any.

    Args:
        metrics: that are wanted.
        real: the data.
        fake: the samples.
        floors: measure what parts of the data score; where that is cheap for None.
        seed: of splits and shuffles.
    """
    found: list[Score] = []
    classified = None
    for metric in metrics:
        all_x, all_y = real.stream(metric), fake.stream(metric)
        if all_x is not None and all_y is not None and metric.streams(len(all_x), len(all_y), all_x.width):
            sizes = (len(all_x), len(all_y))
            of_data = floor_of_stream(metric.plain, all_x, sizes=sizes, repeats=SPLITS, seed=seed) if floors else {}
            found += [replace(s, floor=of_data.get(s.name)) for s in metric.of_streams(all_x, all_y)]
            continue
        x, y = real.read(metric), fake.read(metric)
        cheap = max(len(x), len(y)) ** 2 * x.shape[1] <= CHEAP
        wanted = (floors or (floors is None and cheap)) and len(x) // 2 >= metric.plain.least_samples
        of_data = floor(metric.plain, x, sizes=(len(x), len(y)), repeats=SPLITS, seed=seed) if wanted else {}
        if isinstance(metric.plain, C2ST):
            classified = metric.plain.test(x, y)
        scores = (classified.score(),) if classified and isinstance(metric, C2ST) else metric(x, y)
        if isinstance(metric.plain, PRDC):
            scores = _tried(metric.plain, x, len(y), scores, seed)
        found += [replace(s, floor=of_data.get(s.name)) for s in scores]
    return found, classified


def _tried(metric: PRDC, x: Tensor, m: int, scores: tuple[Score, ...], seed: int) -> tuple[Score, ...]:
    """Return the neighbour scores, with what they are worth at these sizes."""
    reasons = uninformative(metric, x, m, {s.name: s for s in scores}, seed=seed)
    return tuple(replace(s, informative=s.name not in reasons, reason=reasons.get(s.name)) for s in scores)
