"""Snapshots: the same noise at log-spaced turns, whatever else happens, and never a difference to training."""

import math

import numpy as np
import pytest
import torch

import pushforward as pf
from pushforward.errors import Interrupted
from pushforward.runs import RunFolder
from pushforward.samplers import Normal, Pushforward
from pushforward.training import Snapshots, snapshots
from pushforward.training.snapshots import is_landmark

STEPS = 12
LANDMARKS = [0, 1, 2, 5, 10]


def progress(path):
    return RunFolder(path).read_arrays("progress.npz")


def test_landmarks_are_spaced_alike_on_a_logarithmic_scale():
    found = [turn for turn in range(100_001) if is_landmark(turn)]
    assert found[0] == 0
    nearest = [round(3 * math.log10(turn)) for turn in found[1:]]  # 1, 2, 5, 10 are 0.00, 0.90, 2.10, 3.00 thirds
    assert nearest == list(range(16))


@pytest.mark.parametrize("name", ["gan of pictures", "gan with dropout"])
def test_training_is_the_same_bit_for_bit_with_snapshots_and_without(name, make, fit, same, tmp_path, monkeypatch):
    monkeypatch.setattr(snapshots, "PATIENCE", 0.0)
    monkeypatch.setattr(snapshots, "SHARE", math.inf)  # now.png at every turn
    seen, blind = (
        fit(*make(name), tmp_path / word, examples=examples, steps=4)
        for word, examples in (("seen", True), ("blind", False))
    )
    same(seen.path, blind.path)
    assert (seen.path / "now.png").exists()
    assert not any((blind.path / file).exists() for file in ("now.png", "progress.npz"))


def test_an_interrupted_run_that_goes_on_has_the_same_snapshots(make, fit, resume, stopping, tmp_path):
    whole = fit(*make("gram"), tmp_path / "whole", steps=STEPS)
    game, data = make("gram")
    with pytest.raises(Interrupted):
        fit(stopping(game, 6), data, tmp_path / "cut", steps=STEPS)
    assert progress(tmp_path / "cut")["turns"].tolist() == LANDMARKS[:4]
    resume(tmp_path / "cut", data)
    cut, uncut = progress(tmp_path / "cut"), progress(whole.path)
    assert uncut["turns"].tolist() == [*LANDMARKS, STEPS]
    assert all(np.array_equal(cut[name], uncut[name]) for name in cut | uncut)


def test_a_run_that_is_given_more_has_no_snapshot_of_where_it_ended_before(make, fit, resume, tmp_path):
    game, data = make("gram")
    fit(game, data, tmp_path / "run", steps=6)
    assert progress(tmp_path / "run")["turns"].tolist() == [0, 1, 2, 5, 6]
    resume(tmp_path / "run", data)  # which has nothing to do
    assert progress(tmp_path / "run")["turns"].tolist() == [0, 1, 2, 5, 6]
    resume(tmp_path / "run", data, steps=STEPS)
    assert progress(tmp_path / "run")["turns"].tolist() == [*LANDMARKS, STEPS]


def test_the_first_and_the_last_are_those_of_the_sampler_and_of_its_average(make, fit, tmp_path):
    game, data = make("gram")
    run = fit(game, data, tmp_path / "run", average=0.0)
    arrays, noise = progress(run.path), {"seed": pf.training.subseed(0, "snapshots"), "weights": "last"}
    assert np.allclose(arrays["samples"][-1], data.codec.show(run.draw(500, **noise)))
    assert not np.allclose(arrays["samples"][0], arrays["samples"][-1])


def shifted(value: float) -> Pushforward:
    """A sampler of one value."""
    network = torch.nn.Linear(1, 1)
    torch.nn.init.zeros_(network.weight), torch.nn.init.constant_(network.bias, value)
    return Pushforward(network, Normal(1))


def test_the_picture_of_the_moment_takes_its_share_of_the_time_and_no_more(monkeypatch):
    now, kept, seen = [0.0], [], []
    monkeypatch.setattr("time.monotonic", lambda: now[0])

    def glance(turn, samples):
        seen.append(turn)
        now[0] += 0.25  # to draw: at a share of a hundredth, 25 seconds until the next

    look = Snapshots(3, 0, None, lambda turn, samples: kept.append(turn), glance)
    for turn in range(61):
        look(shifted(1.0), turn, over=turn == 60)
        now[0] += 1.0
    assert seen == [0, 25, 50, 60]
    assert kept == [0, 1, 2, 5, 10, 20, 50, 60]


def test_samples_that_are_not_finite_are_passed_over():
    kept = []
    look = Snapshots(3, 0, None, lambda turn, samples: kept.append(turn), lambda turn, samples: None)
    for turn, value in enumerate([1.0, math.nan, 2.0]):
        look(shifted(value), turn, over=False)
    assert kept == [0, 2]
