"""The measurements of a verdict: scores with their floors, tests, and where data and samples differ."""

import torch

from pushforward.errors import Refused
from pushforward.judging.evidence import Evidence
from pushforward.judging.findings import Findings
from pushforward.judging.request import Request
from pushforward.judging.table_findings import of_table
from pushforward.metrics.base import Score
from pushforward.metrics.diagnosis.modes import modes as count_modes
from pushforward.metrics.diagnosis.outlying import outlying
from pushforward.metrics.diagnosis.repeats import repeats
from pushforward.metrics.diagnosis.where import where
from pushforward.metrics.measuring import measured
from pushforward.metrics.numerics.moments import Moments
from pushforward.metrics.scores.frechet import frechet_to, size_note
from pushforward.metrics.scores.prdc import PRDC
from pushforward.metrics.significance.memorisation import memorisation
from pushforward.metrics.significance.two_sample import two_sample_test


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
    x, y, sorting = evidence.real.features, evidence.fake.features, evidence.sorting
    kept = request.within(min(len(x), len(y)))
    classes = None if sorting is None else sorting.classes()
    unseen = x if evidence.test is None else evidence.test.features
    searched = y if evidence.more is None else torch.cat([y, evidence.more])
    test = two_sample_test(x, y, seed=seed)
    copied = None if evidence.train is None else memorisation(evidence.train.features, unseen, searched, seed=seed)
    modes = None if evidence.modes is None else count_modes(evidence.modes[1], evidence.modes[0])
    scores, learnt = measured(kept.metrics, evidence.real, evidence.fake, floors, seed)
    if sorting is not None:
        scores += measured(kept.learnt, sorting.real, sorting.fake, floors, seed)[0]
    seen = (x, y) if sorting is None else (sorting.real.features, sorting.fake.features)
    scores = [s for s in scores if s.name in kept.names]
    places = where(*seen, seed=seed)
    told = request.usual or "detection" in kept.names
    table = None if evidence.table is None else of_table(x, y, evidence.table, places, seed, told)
    learnt_column = None if table is None else table.learning
    scores += [found.score() for found in (classes, copied, modes, learnt_column) if found is not None]
    return Findings(
        (len(x), len(y)),
        tuple(scores + [s for s in (evidence.density, evidence.divergence) if s is not None]),
        test,
        learnt,
        copied,
        evidence.constants,
        modes,
        classes,
        places,
        k=next((m.plain.k for m in kept.metrics if isinstance(m.plain, PRDC)), PRDC().k),
        left_out=tuple(name for name in request.names if name not in kept.names),
        outlying=tuple(outlying(x, y)),
        repeats=repeats(x, y),
        table=table,
    )


def _refuse_absent(evidence: Evidence, request: Request) -> None:
    """Refuse a score that needs what nobody gave."""
    for name in {"bits-per-dimension", "log-likelihood"} & set(request.special):
        if evidence.density is None or evidence.density.name != name:
            raise Refused(
                f"{name} needs a sampler with a likelihood (pictures have bits-per-dimension, rows log-likelihood): "
                "name log densities with --log-prob, or judge a run that has a density."
            )
    if evidence.divergence is None and "kl" in request.special:
        raise Refused("kl needs data whose law is known, such as ring or two-moons, and a run that has a density.")
    if evidence.train is None and "memorisation" in request.special:
        raise Refused("memorisation needs the training data; name them with --train.")
    if "tstr" in request.special and (evidence.table is None or evidence.table.target is None):
        raise Refused("tstr needs a table and the column that is learnt from the others; name it with --target.")
    if evidence.modes is None and "modes" in request.special:
        raise Refused("modes needs data whose modes are known, such as ring or grid; leave it out.")


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
