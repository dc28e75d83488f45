"""The section on how samples came about: a picture for each turn that was kept, and nothing where none was."""

import re

import numpy as np
import pytest

from pushforward.report.run_files import read
from pushforward.report.sections.progress import progress

TITLE = "How the samples came about</h2>"


@pytest.fixture(params=["images", "points", "rows"])
def run(request):
    return request.getfixturevalue(request.param)


def test_every_turn_that_was_kept_has_its_picture(run):
    section = progress(read(run))
    assert TITLE in section
    assert re.findall(r'alt="samples at (turn [^"]*)"', section) == ["turn 0", "turn 10", "turn 1,000"]
    assert re.findall("<figcaption>([^<]*)", section) == ["turn 0", "turn 10", "turn 1,000"]


def test_of_many_turns_the_first_and_the_last_are_shown(run, made):
    arrays = run.read_arrays("progress.npz")
    turns = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 3000]
    samples = np.stack([arrays["samples"][0]] * len(turns))
    run.write_arrays("progress.npz", arrays | {"turns": np.array(turns), "samples": samples})
    shown = re.findall("<figcaption>turn ([^<]*)", progress(read(run)))
    assert [int(turn.replace(",", "")) for turn in shown] == [0, *turns[-9:]]


def test_a_run_of_an_earlier_version_has_no_such_section_and_misses_nothing(run):
    (run.path / "progress.npz").unlink()
    assert progress(read(run)) == ""
    assert not read(run).missing


@pytest.mark.parametrize(
    "wrong",
    [
        {"turns": np.array([1, 2])},
        {"turns": np.array([0.5, 1.0, 2.0])},
        {"samples": np.zeros(3)},
        {"samples": np.full((3, 10, 5), np.nan)},
        {"samples": np.zeros((3, 10, 9))},
    ],
)
def test_arrays_that_do_not_agree_are_said_to_be_damaged(wrong, points):
    points.write_arrays("progress.npz", points.read_arrays("progress.npz") | wrong)
    found = read(points)
    assert [line for line in found.missing if "progress.npz is damaged" in line]
    assert progress(found) == ""
