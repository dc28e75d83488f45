"""Signals: a wish first, an order the second time."""

import signal

import pytest

from pushforward.errors import Interrupted
from pushforward.runs import RunFolder


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_after_the_turn_with_a_checkpoint(number, make, fit, resume, stopping, same, tmp_path):
    game, data = make("gram")
    fit(game, data, tmp_path / "whole", steps=8)
    game, data = make("gram")
    with pytest.raises(Interrupted, match=f"turn 5.*fit --resume {tmp_path / 'run'}") as stopped:
        fit(stopping(game, 5, number), data, tmp_path / "run", steps=8, checkpoint_every=100)
    assert stopped.value.signal == number
    assert RunFolder(tmp_path / "run").checkpoints.load_last().turn == 5
    resume(tmp_path / "run", data)
    same(tmp_path / "whole", tmp_path / "run")


def test_a_second_signal_acts_at_once(make, fit, tmp_path):
    game, data = make("gram")
    steps = []

    def impatient(batch, turn):
        steps.append(turn.number)
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    game.step = impatient
    with pytest.raises(KeyboardInterrupt):
        fit(game, data, tmp_path / "run")
    assert steps == [0]


def test_handlers_are_put_back(make, fit, stopping, tmp_path):
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    game, data = make("mmd_net")
    fit(game, data, tmp_path / "one", steps=1)
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
    with pytest.raises(Interrupted):
        fit(stopping(make("mmd_net")[0], 1), data, tmp_path / "two", steps=2)
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_a_signal_in_the_last_turn_finds_a_finished_run(make, fit, stopping, tmp_path):
    game, data = make("mmd_net")
    run = fit(stopping(game, 4), data, tmp_path / "run", steps=4)
    assert run.folder.checkpoints.load_last().turn == 4
