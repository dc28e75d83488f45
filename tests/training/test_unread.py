"""Losses of an accelerator are read where the log is written or a state kept: run and end are the same."""

import json

import pytest
import torch

from pushforward.errors import TrainingFailed
from pushforward.training import Budget, Pace

KINDS = {"at once": "cpu", "together": "meta"}
"""Devices by name alone: everything lies on the processor, and the second is taken for an accelerator."""


def test_the_run_is_the_same_bit_for_bit(by_hand):
    runs = []
    for device in KINDS.values():
        runs.append(by_hand("gram", Pace(3, 5, 4), device))
        runs[-1].run(Budget(steps=12))
    one, two = runs
    assert all(torch.equal(a, b) for a, b in zip(one.game.parameters(), two.game.parameters(), strict=True))
    logs = [(run.folder.path / "log.jsonl").read_text().splitlines() for run in runs]
    first, second = ([{**json.loads(line), "seconds": 0} for line in log] for log in logs)
    assert first == second
    assert {record["turn"] for record in first} == {1, 3, 6, 9, 12}


def spoilt(game, turn: int):
    """The sampler's loss is no number in that turn; the turns that are played are counted."""
    step, minimize = game.step, None
    game.played = 0

    def stepped(batch, t):
        nonlocal minimize
        minimize, game.played = type(t).minimize.__get__(t), game.played + 1
        bad = float("nan") if t.number == turn else 0.0
        t.minimize = lambda players, loss, **terms: minimize(players, loss + bad, **terms)
        step(batch, t)

    game.step = stepped
    return game


@pytest.mark.parametrize(("kind", "played"), [("at once", 8), ("together", 10)])
@pytest.mark.parametrize(
    "pace", [Pace(5, 100, 100), Pace(100, 5, 100), Pace(100, 100, 5)], ids=["log", "probe", "kept"]
)
def test_a_loss_that_is_not_finite_is_found_by_then_and_named_by_its_turn(kind, played, pace, by_hand):
    run = by_hand("gan", pace, KINDS[kind])
    run.game = spoilt(run.game, 7)
    with pytest.raises(TrainingFailed, match=r"^the loss of the generator was nan at turn 7; "):
        run.run(Budget(steps=100))
    assert run.game.played == played
    last = run.folder.checkpoints
    assert not last.has_last or last.load_last().turn == 5


def test_what_it_breaks_on_the_way_is_not_what_is_said(by_hand):
    run = by_hand("gan", Pace(100, 100, 100), KINDS["together"])
    game = spoilt(run.game, 3)
    step = game.step

    def broken(batch, t):
        if t.number == 5:
            raise RuntimeError("the matrix is singular")
        step(batch, t)

    game.step = broken
    with pytest.raises(TrainingFailed, match=r"^the loss of the generator was nan at turn 3; "):
        run.run(Budget(steps=100))


def test_other_errors_are_said_as_they_are(by_hand):
    run = by_hand("gan", Pace(100, 100, 100), KINDS["together"])
    run.game.step = lambda batch, t: [][0]
    with pytest.raises(IndexError):
        run.run(Budget(steps=100))
