"""The one place where a verdict is put together: evidence in, scores with errors, tests and words out."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from pushforward.judging.cautions import cautions
from pushforward.judging.evidence import Evidence
from pushforward.judging.grade import grade
from pushforward.judging.judgement import Judgement
from pushforward.judging.measuring import measure
from pushforward.judging.protocol import arithmetic
from pushforward.judging.request import Request
from pushforward.judging.text import sentences
from pushforward.metrics import KID
from pushforward.metrics.base import Metric, Score
from pushforward.metrics.measuring import SPLITS
from pushforward.metrics.significance.two_sample import TwoSample
from pushforward.notes import of_kind


def judge(
    evidence: Evidence,
    request: Request,
    *,
    features: Mapping[str, Any],
    floors: bool | None = None,
    seed: int = 0,
    rows: int | None = None,
    state: Mapping[str, Any] | None = None,
) -> Judgement:
    """Return scores with errors and floors, a two-sample test, memorisation, modes, classes, and what it means.

    Args:
        evidence: data and samples as features, and whatever else is known.
        request: what is wanted; where nothing was asked for by name, KID too where a classifier sorts by classes.
        features: protocol of the space.
        floors: measure what parts of the data score; where that is cheap for None.
        seed: of relabellings, splits and subsamples.
        rows: the cap that was put on either side, for the protocol.
        state: of the run that the samples come from, where they come from one.

    Raises:
        Refused: if a score needs what is not there.
    """
    if evidence.sorting is not None and evidence.sorting.apart and request.usual:
        request = request.with_learnt(KID())
    findings = measure(evidence, request, floors=floors, seed=seed)
    scores, tests, (n, m) = findings.scores, findings.tests(), findings.sizes
    graded = grade(findings, tests)
    kept = request.within(min(n, m))
    return Judgement(
        real=evidence.names[0],
        fake=evidence.names[1],
        n_real=max([n, *(s.rows[0] for s in scores if s.rows)]),
        n_fake=max([m, *(s.rows[1] for s in scores if s.rows)]),
        features=features,
        protocol=_protocol(evidence, kept, features, findings.test, seed, rows)
        | _scores_of_all_rows(scores, n, m)
        | _floors_in_protocol(scores)
        | {"arithmetic": arithmetic({s.name: s.arithmetic for s in scores}), "version": version("pushforward")},
        scores=tuple(scores),
        tests=tests,
        splits=_splits(evidence, kept),
        skipped_files=of_kind(evidence.notes, "skipped"),
        warnings=tuple(cautions(findings, evidence.notes)),
        grade=graded,
        sentences=sentences(findings, tests, evidence.names[0], state, graded, evidence.thing),
        state=state,
        findings=findings,
    )


def _splits(evidence: Evidence, request: Request) -> dict[str, dict[str, float]] | None:
    """The same scores of generated, training and test rows against each other, on equally many rows."""
    if evidence.train is None or evidence.test is None:
        return None
    pairs = {
        "generated-train": (evidence.train, evidence.fake),
        "generated-test": (evidence.test, evidence.fake),
        "train-test": (evidence.test, evidence.train),
    }
    size = min(len(s.features) for s in (evidence.train, evidence.test, evidence.fake))
    metrics = [m for m in request.metrics if m.reads == "features"]
    return {
        name: {s.name: s.value for m in metrics for s in m.plain(a.features[:size], b.features[:size])}
        for name, (a, b) in pairs.items()
    }


def _protocol(
    evidence: Evidence,
    request: Request,
    features: Mapping[str, Any],
    test: TwoSample | None,
    seed: int,
    rows: int | None,
) -> dict[str, Any]:
    """Return everything that the numbers depend on."""
    options = {m.name: _options(m) for m in request.metrics}
    if evidence.sorting is not None:
        sorted_by = {"features": dict(evidence.sorting.protocol), "n_real": len(evidence.sorting.real.features)}
        options |= {m.name: _options(m) | sorted_by for m in request.learnt} | {"class-kl": sorted_by}
    likely = [score for score in (evidence.density, evidence.divergence) if score is not None]
    options |= {score.name: {"density": score.note} for score in likely}
    tested = test and f"{test.permutations} relabellings of {test.n} and {test.m} rows at level {test.level:g}"
    return {
        "features": dict(features),
        "metrics": options,
        "n_real": evidence.n_real,
        "n_fake": len(evidence.fake.features),
        "n_train": None if evidence.train is None else len(evidence.train.features),
        "rows at most": rows,
        "two-sample": tested,
        "seed": seed,
    }


def _scores_of_all_rows(scores: Sequence[Score], n: int, m: int) -> dict[str, Any]:
    """Return which scores were measured on more rows than the others, and on how many."""
    able = [s for s in scores if s.rows is not None and (s.rows[0] > n or s.rows[1] > m)]
    if not able or able[0].rows is None:
        return {}
    names = " ".join(s.name for s in able)
    return {"all rows": {"scores of all rows": names, "rows of data": able[0].rows[0], "samples": able[0].rows[1]}}


def _floors_in_protocol(scores: Sequence[Score]) -> dict[str, Any]:
    """Return the rows of both parts, and the spread over the splits, of the scores that have a floor."""
    floors = {s.name: s.floor for s in scores if s.floor is not None}
    if not floors:
        return {}
    parts, spread = {k: [f.n, f.m] for k, f in floors.items()}, {k: f.spread for k, f in floors.items()}
    return {"floor": {"splits": SPLITS, "parts": parts, "spread": spread}}


def _options(metric: Metric) -> dict[str, Any]:
    return {k: v for k, v in metric.protocol.items() if k != "metric"}
