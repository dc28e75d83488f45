"""The cases that verbs judge: a run on its own test part, or any program's samples against any data."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from pushforward.data import Data
from pushforward.data.parts.all_rows import all_rows
from pushforward.features import Features, Identity
from pushforward.judging import Evidence, Reference, Request
from pushforward.judging.case import Case
from pushforward.judging.feature_rows import feature_rows
from pushforward.judging.request import TEST_ROWS, TRAIN_ROWS
from pushforward.metrics.numerics.running_moments import moments
from pushforward.metrics.side import Side
from pushforward.notes import Note, of_kind
from pushforward.samplers import LatentFlow, Sampler
from pushforward.spaces import Batch
from pushforward.verbs.density_notes import density_doubts
from pushforward.verbs.harmonising import harmonised
from pushforward.verbs.held_out import held_out_likelihood
from pushforward.verbs.inputs import (
    Reading,
    as_given,
    first_rows,
    known_data,
    name_of,
    points,
    refuse_reading_again,
    samples,
    subsample,
    unseen_part,
)
from pushforward.verbs.opening import load
from pushforward.verbs.run import Run
from pushforward.verbs.two_value_notes import two_value_notes


def case_of_run(run: Run, rows: int, seed: int) -> Case:
    """Return a run's samples against the test part of its data, which nothing was trained or chosen on.

    Args:
        run: the state that it hands over is judged.
        rows: of the test part at most, and as many samples.
        seed: of the samples.
    """
    data, held = run.data.as_given(), run.data.test.all(rows)
    drawn, given = run.draw(len(held.x), seed), partial(as_given, run, data.codec)
    likelihood = held_out_likelihood(run, held)
    doubts = [Note(doubt.text, "doubt") for doubt in density_doubts(run.game, run.data)]
    notes = [*law_note(run.game.sampler), *two_value_notes(run.game.sampler, run.data)]
    return Case(
        data,
        held if data is run.data else data.test.all(rows),
        given(drawn),
        (f"{data.name} (test part)", run.path.name),
        len(held.x),
        train=data.train.all(TRAIN_ROWS),
        notes=(*of_kind(data.notes, "left out", "skipped"), *doubts, *notes),
        run=True,
        density=None if likelihood is None else likelihood.score,
        divergence=None if likelihood is None else likelihood.divergence,
        density_of_rows=None if likelihood is None else likelihood.rows,
        more=lambda n, seed: given(run.draw(n, seed)),
        state=run.kept,
        encoded=(held, drawn),
    )


def law_note(sampler: Sampler) -> list[Note]:
    """Return which of its two laws samples are of, for a sampler that also gives a decoder's means.

    Args:
        sampler: of the run that is judged.
    """
    if not isinstance(sampler, LatentFlow):
        return []
    return [Note("samples are draws of the full law, which the bound of the likelihood is of; the decoder's means are "
                 "another, which `sample --means` writes.")]  # fmt: skip


def case_of_call(
    real: Any, fake: Any, request: Request, reading: Reading, *, rows: int | None, seed: int, beside: Sequence[Any] = ()
) -> Case:
    """Return data and samples, or a run's samples and the part of its data that nothing was trained or chosen on.

    Args:
        real: the data, as `score` takes them.
        fake: the samples; None for a run that is judged on its own test part.
        request: what is wanted; scores that one pass can give read all rows.
        reading: how images are read.
        rows: most rows of either that are used; None for the usual number.
        seed: of samples that are drawn, and of subsamples.
        beside: other rows that will be read as the data are, whose missing cells must have a place.

    Raises:
        Refused: if either cannot be read.
    """
    limit, notes = rows or TEST_ROWS, list[str]()
    if fake is None:
        refuse_reading_again(real, reading)
        return case_of_run(load(real), limit, seed)
    data, names = known_data(real, reading, [fake]), (name_of(real, "real"), name_of(fake, "fake"))
    data, (fake, *_) = harmonised(data, [fake, *beside], notes)
    if (judged := unseen_part(data, limit, [fake], notes)) is not None:
        return _of_other_samples(data, judged, fake, notes, seed)
    x, d = all_rows(data), data.space.dim
    passes = rows is None and any(m.streams(len(x), len(x), d) for m in request.metrics)
    y = points(data, fake, max(limit, len(x)) if passes else limit, seed, notes)
    everything = (x, y) if passes and max(len(x), len(y)) > limit else None
    return Case(
        data,
        first_rows(data, limit),
        Batch(subsample(y, limit, seed)),
        names,
        min(limit, len(data.test) + len(data.validation)),
        everything,
        notes=(*data.notes, *(() if everything else _capped(len(x), len(y), limit)), *notes),
    )


def _of_other_samples(data: Data, judged: Batch, fake: Any, notes: list[str], seed: int) -> Case:
    """Return samples of a run that was fitted to these data, against their test part."""
    drawn = samples(data, fake, len(judged.x), seed, notes)
    return Case(
        data,
        judged,
        drawn,
        (f"{data.name} (test part)", name_of(fake, "fake")),
        len(judged.x),
        train=data.train.all(TRAIN_ROWS),
        notes=(*data.notes, *notes),
        run=True,
        more=lambda n, seed: samples(data, fake, n, seed),
    )


def with_parts(case: Case, train: Any, test: Any, rows: int, seed: int) -> Case:
    """Return the case with the training and the held-out data that the caller names.

    Args:
        case: what is judged.
        train: what the sampler was fitted to, as `score` takes it; None leaves what is known.
        test: held-out data; None for none.
        rows: most rows of the held-out data.
        seed: of what has to be drawn.
    """
    notes: list[str] = []
    as_table = lambda given: harmonised(case.data, [given], notes)[1][0]
    read = lambda given, most: None if given is None else samples(case.data, as_table(given), most, seed, notes)
    train, test = read(train, TRAIN_ROWS) or case.train, read(test, rows)
    return replace(case, train=train, test=test, notes=(*case.notes, *notes))


def reference_of(case: Case, evidence: Evidence, f: Features, all_of: bool, seed: int) -> Reference:
    """Return what is to be kept of the data, so that later calls need them no more.

    Args:
        case: whose data they are.
        evidence: on the case, which holds their features.
        f: the space.
        all_of: mean and covariance are of every row of the data, and not of those alone that are judged.
        seed: of the rows that are kept.
    """
    made_of = {"codec": case.data.codec.to_json(), "data": case.names[0], "content": case.data.content_hash}
    if isinstance(f, Identity) and f.scaling is not None:
        made_of["scaling"] = f.scaling.to_json()
    real, known = evidence.real, None
    assert isinstance(real, Side)  # gathered from rows
    if all_of:
        every, _ = real.everything or feature_rows(f, all_rows(case.data), case.names[0])
        known = moments(every)
    return Reference.of(real.features, f.protocol, made_of, seed, moments=known)


def _capped(n: int, m: int, rows: int) -> tuple[str, ...]:
    """Return the sentence that says that rows were left out; none where all are used."""
    if max(n, m) <= rows:
        return ()
    return (f"at most {rows} rows of each are used (--rows); there are {n} rows of data and {m} samples.",)
