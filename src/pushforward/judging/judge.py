"""All that is asked for of samples y against data x, in the space of a feature map."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import torch

from pushforward.errors import Refused
from pushforward.judging.evidence import Material
from pushforward.judging.judgement import Judgement
from pushforward.judging.measuring import SPLITS, measured
from pushforward.judging.phrases import listed
from pushforward.judging.protocol import arithmetic
from pushforward.judging.request import Request
from pushforward.judging.text import Findings, in_words
from pushforward.metrics.base import Metric, Score
from pushforward.metrics.diagnosis.modes import Modes
from pushforward.metrics.diagnosis.modes import modes as count_modes
from pushforward.metrics.diagnosis.outlying import outlying
from pushforward.metrics.diagnosis.where import where
from pushforward.metrics.numerics.neighbours.duplicates import identities
from pushforward.metrics.scores.prdc import PRDC
from pushforward.metrics.significance.classifier import ClassifierTest
from pushforward.metrics.significance.constant_columns import Constants
from pushforward.metrics.significance.memorisation import Memorisation, memorisation
from pushforward.metrics.significance.two_sample import TwoSample, two_sample_test
from pushforward.metrics.uncertainty.holm import holm


def scored(
    given: Material,
    request: Request,
    *,
    features: Mapping[str, Any],
    floors: bool | None = None,
    seed: int = 0,
    rows: int | None = None,
) -> Judgement:
    """Scores with errors and floors, a two-sample test, memorisation, modes, classes, and what it means.

    Args:
        given: what is judged.
        request: what is wanted.
        features: protocol of the space.
        floors: measure what parts of the data score; where that is cheap for None.
        seed: of relabellings, splits and subsamples.
        rows: the cap that was put on either side, for the protocol.

    Raises:
        Refused: if a score needs what is not there.
    """
    for name in {"bits-per-dimension", "log-likelihood"} & set(request.special):
        if given.bits is None or given.bits.name != name:
            raise Refused(
                f"{name} needs a sampler with a likelihood (pictures have bits-per-dimension, rows log-likelihood): "
                "name log densities with --log-prob, or judge a run that has a density."
            )
    x, y = given.real.features, given.fake.features
    wanted, request = request, request.within(min(len(x), len(y)))
    left_out = tuple(name for name in wanted.names if name not in request.names)
    test, copied, counted = two_sample_test(x, y, seed=seed), _copied(given, request, seed), _counted(given, request)
    sorted_by = None if given.sorting is None else given.sorting.classes()
    scores, classified = measured(request.metrics, given.real, given.fake, floors, seed)
    if given.sorting is not None:
        scores += measured(request.learnt, given.sorting.real, given.sorting.fake, floors, seed)[0]
    seen = given.sorting or given
    differ = where(seen.real.features, seen.fake.features, seed=seed)
    k = next((m.plain.k for m in request.metrics if isinstance(m.plain, PRDC)), PRDC().k)
    scores = [s for s in scores if s.name in request.names]
    scores += [found.score() for found in (sorted_by, copied, counted) if found is not None]
    scores += [] if given.bits is None else [given.bits]
    made = {"two-sample": test, "c2st": classified, "memorisation": copied, "constant-columns": given.constants}
    tests = corrected(made)
    p_values = {name: outcome["p_value"] for name, outcome in tests.items()}
    return Judgement(
        real=given.names[0],
        fake=given.names[1],
        n_real=max([len(x), *(s.rows[0] for s in scores if s.rows)]),
        n_fake=max([len(y), *(s.rows[1] for s in scores if s.rows)]),
        features=features,
        protocol=_protocol(given, request, features, test, seed, rows)
        | _of_all(scores, len(x), len(y))
        | _floors(scores)
        | {"arithmetic": arithmetic({s.name: s.arithmetic for s in scores}), "version": version("pushforward")},
        scores=tuple(scores),
        tests=tests,
        splits=_splits(given, request),
        skipped_files=tuple(note for note in given.notes if "skipped" in note),
        warnings=tuple(_warnings(given, scores, copied, left_out)),
        words=in_words(
            Findings(
                (len(x), len(y)),
                scores,
                test,
                p_values,
                copied,
                counted,
                sorted_by,
                differ,
                k,
                given.constants,
                left_out,
            )
        ),
        classes=sorted_by,
        modes=counted,
        copied=copied,
        where=differ,
    )


def corrected(
    tests: Mapping[str, TwoSample | ClassifierTest | Memorisation | Constants | None],
) -> dict[str, dict[str, Any]]:
    """The outcomes of those tests that were made, as JSON, their p-values corrected for their number by Holm's rule.

    Args:
        tests: by name.
    """
    made = {name: test.to_json() for name, test in tests.items() if test is not None}
    p_values = holm([outcome["p_value"] for outcome in made.values()])
    return {
        name: outcome | {"p_value": p, "rejected": p <= outcome["level"]}
        for (name, outcome), p in zip(made.items(), p_values, strict=True)
    }


def _copied(given: Material, request: Request, seed: int) -> Memorisation | None:
    """The training-copy test, where there are training data."""
    if given.train is None:
        if "memorisation" in request.special:
            raise Refused("memorisation needs the training data; name them with --train.")
        return None
    unseen, y = given.test or given.real, given.fake.features
    y = y if given.more is None else torch.cat([y, given.more])
    return memorisation(given.train.features, unseen.features, y, seed=seed)


def _counted(given: Material, request: Request) -> Modes | None:
    """Modes found, where they are known."""
    if given.modes is None:
        if "modes" in request.special:
            raise Refused("modes needs data whose modes are known, such as ring or grid; leave it out.")
        return None
    return count_modes(given.modes[1], given.modes[0])


def _splits(given: Material, request: Request) -> dict[str, dict[str, float]] | None:
    """The same scores of generated, training and test rows against each other, on equally many rows."""
    if given.train is None or given.test is None:
        return None
    pairs = {
        "generated-train": (given.train, given.fake),
        "generated-test": (given.test, given.fake),
        "train-test": (given.test, given.train),
    }
    size = min(len(s.features) for s in (given.train, given.test, given.fake))
    metrics = [m for m in request.metrics if m.reads == "features"]
    return {
        name: {s.name: s.value for m in metrics for s in m.plain(a.features[:size], b.features[:size])}
        for name, (a, b) in pairs.items()
    }


def _protocol(
    given: Material, request: Request, features: Mapping[str, Any], test: TwoSample, seed: int, rows: int | None
) -> dict[str, Any]:
    """All that the numbers depend on."""
    options = {m.name: _options(m) for m in request.metrics}
    if given.sorting is not None:
        sorted_by = {"features": dict(given.sorting.protocol), "n_real": len(given.sorting.real.features)}
        options |= {m.name: _options(m) | sorted_by for m in request.learnt} | {"class-kl": sorted_by}
    if given.bits is not None:
        options[given.bits.name] = {"density": given.bits.note}
    tested = f"{test.permutations} relabellings of {test.n} and {test.m} rows at level {test.level:g}"
    return {
        "features": dict(features),
        "metrics": options,
        "n_real": len(given.real.features),
        "n_fake": len(given.fake.features),
        "n_train": None if given.train is None else len(given.train.features),
        "rows at most": rows,
        "two-sample": tested,
        "seed": seed,
    }


def _of_all(scores: list[Score], n: int, m: int) -> dict[str, Any]:
    """Which scores were measured on more rows than the others, and on how many."""
    able = [s for s in scores if s.rows is not None and (s.rows[0] > n or s.rows[1] > m)]
    if not able or able[0].rows is None:
        return {}
    names = " ".join(s.name for s in able)
    return {"all rows": {"scores of all rows": names, "rows of data": able[0].rows[0], "samples": able[0].rows[1]}}


def _floors(scores: list[Score]) -> dict[str, Any]:
    """Rows of both parts, and the spread over the splits, of the scores that have a floor."""
    floors = {s.name: s.floor for s in scores if s.floor is not None}
    if not floors:
        return {}
    parts, spread = {k: [f.n, f.m] for k, f in floors.items()}, {k: f.spread for k, f in floors.items()}
    return {"floor": {"splits": SPLITS, "parts": parts, "spread": spread}}


def _options(metric: Metric) -> dict[str, Any]:
    return {k: v for k, v in metric.protocol.items() if k != "metric"}


def _warnings(
    given: Material, scores: list[Score], copied: Memorisation | None, left_out: tuple[str, ...]
) -> list[str]:
    """What a reader must know before believing the numbers."""
    x, y = given.real.features, given.fake.features
    worrying = "as copies of the data", "fewer rows"
    few = f"need more rows than {min(len(x), len(y))} a side, and are left out."
    found = [f"{listed(left_out)} {few}"] if left_out else []
    found += [f"{s.name}: {s.note}." for s in scores if any(word in (s.note or "") for word in worrying)]
    sizes = next((s.rows for s in scores if s.spread is not None and s.rows and s.rows[0] != s.rows[1]), None)
    if sizes is not None:
        found.append(f"the sizes differ ({sizes[0]} and {sizes[1]}); biased scores are comparable at equal sizes only.")
    found += outlying(x, y)
    of_x, of_y = identities(x.double(), y.double())
    if bool((shared := torch.isin(of_y, of_x)).any()):
        found.append(f"{100 * float(shared.double().mean()):.3g} % of the samples are exact copies of rows of data.")
    for name, ids in (("data", of_x), ("samples", of_y)):
        repeated = 1 - len(ids.unique()) / len(ids)
        if repeated > 0:
            found.append(f"{100 * repeated:.3g} % of the {name} repeat another row.")
    if copied is not None and copied.copies_unseen > 0.5:
        found.append("most of the data equal training rows; name data that were not trained on with --test.")
    return found + [note for note in given.notes if "skipped" not in note]
