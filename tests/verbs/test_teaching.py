"""Distillation from a run: the teacher is found and checked, the run stands alone, and its page says what it saves."""

import numpy as np
import pytest
import torch

import pushforward as pf
from pushforward.errors import Refused
from pushforward.networks import MLP
from pushforward.tuning import Adam


@pytest.fixture
def teacher(data, fit, tmp_path):
    game = pf.recipes.triangular(data.space, widths=(8,))
    return fit(game, data, tmp_path / "teacher")


def game_of(data, teacher, **options):
    small = {"network": MLP((8,)), "critic_network": MLP((8,)), "batch_size": 8}
    return pf.recipes.distilled(data.space, teacher=str(teacher), **small | options)


def test_it_learns_from_the_run_and_stands_alone(data, fit, teacher, tmp_path):
    run = fit(game_of(data, teacher.path), data, tmp_path / "student", steps=6)
    speeds = run.folder.read_json("speeds.json")
    assert speeds["seconds_a_sample"] > 0
    assert speeds["teacher_seconds_a_sample"] > 0
    pf.report([run.path])
    page = run.folder.page.read_text()
    assert "A sample takes " in page
    assert "one of its teacher teacher " in page
    teacher.path.rename(tmp_path / "gone")
    again = pf.load(run.path)
    assert np.array_equal(again.sample(5), run.sample(5))


def test_it_goes_on_as_if_it_had_not_stopped(data, fit, resume, teacher, tmp_path):
    whole = fit(game_of(data, teacher.path, pairs=24, fresh=4, tune=Adam()), data, tmp_path / "whole", steps=12)
    fit(game_of(data, teacher.path, pairs=24, fresh=4, tune=Adam()), data, tmp_path / "parts", steps=5)
    parts = resume(tmp_path / "parts", steps=12)
    for a, b in zip(whole.sampler("raw").parameters(), parts.sampler("raw").parameters(), strict=True):
        assert torch.equal(a, b)


def test_a_teacher_must_be_named_and_fit(data, fit, teacher, tmp_path):
    with pytest.raises(Refused, match="distilled needs --teacher RUN"):
        fit(game_of(data, ""), data, tmp_path / "none")
    with pytest.raises(Refused, match="run folder .* does not exist"):
        fit(game_of(data, tmp_path / "nowhere"), data, tmp_path / "nowhere-student")
    assert not (tmp_path / "none").exists()
    other = pf.data.load({"a": list(range(200)), "b": [i**0.5 for i in range(200)]})
    with pytest.raises(Refused, match="was fitted to data that are encoded otherwise"):
        fit(game_of(other, teacher.path), other, tmp_path / "other")
    split = pf.data.load(tmp_path / "rows.npy", seed=1)
    with pytest.raises(Refused, match="was fitted to the same data split otherwise"):
        fit(game_of(split, teacher.path), split, tmp_path / "split")
