"""A run as a case to be judged: its samples against the test part of its data."""

from functools import partial

from pushforward.judging.case import Case
from pushforward.judging.request import TRAIN_ROWS
from pushforward.notes import of_kind
from pushforward.verbs.held_out import held_out
from pushforward.verbs.inputs import as_given
from pushforward.verbs.run import Run


def of_run(run: Run, rows: int, seed: int) -> Case:
    """A run's samples against the test part of its data, which nothing was trained or chosen on.

    Args:
        run: whose best state is judged.
        rows: of the test part at most, and as many samples.
        seed: of the samples.
    """
    data, held = run.data.as_given(), run.data.test.all(rows)
    drawn, given = run.draw(len(held.x), seed), partial(as_given, run, data.codec)
    return Case(
        data,
        held if data is run.data else data.test.all(rows),
        given(drawn),
        (f"{data.name} (test part)", run.path.name),
        len(held.x),
        train=data.train.all(TRAIN_ROWS),
        notes=of_kind(data.notes, "left out", "skipped"),
        run=True,
        density=held_out(run, held),
        more=lambda n, seed: given(run.draw(n, seed)),
        encoded=(held, drawn),
    )
