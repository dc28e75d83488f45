"""Samples of the classes that are asked for, and files that say the class of each."""

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import pushforward as pf
from pushforward.errors import Refused
from pushforward.networks import MLP
from pushforward.samplers import Normal


@pytest.fixture
def of_three(fit, tmp_path):
    """A run of three classes, whose names are not their numbers."""
    rng = np.random.default_rng(0)
    label = np.array(["3", "5", "seven"])[rng.integers(0, 3, 60)]
    data = pf.data.load((rng.normal(size=(60, 2)).astype("float32"), label))
    return fit(pf.recipes.gan(data.space, MLP((4,)), noise=Normal(2)), data, tmp_path / "run", steps=1)


def test_classes_are_drawn_as_often_as_is_asked_for(of_three):
    """The share of a class among 2,000 samples lies within 5 standard deviations of a binomial."""
    for shares, p in (("3=3,seven=1", (0.75, 0, 0.25)), ({"5": 2, 3: 2}, (0.5, 0.5, 0)), ("even", (1 / 3,) * 3)):
        found = np.bincount(of_three.draw(2000, shares=shares).label.numpy(), minlength=3) / 2000
        for share, expected in zip(found, p, strict=True):
            assert share == pytest.approx(expected, abs=5 * (expected * (1 - expected) / 2000) ** 0.5)
    points, names = of_three.sample(4, shares={"seven": 1}, labels=True)
    assert points.shape == (4, 2)
    assert names.tolist() == ["seven"] * 4


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"shares": "3=1,sevn=2"}, "no class 'sevn' in this run's data; did you mean 'seven'"),
        ({"shares": "3"}, "takes `even`, or NAME=WEIGHT with commas between, such as cat=2,dog=1, got '3'"),
        ({"shares": {"3": -1}}, "of class '3' must be a weight of at least 0, got -1"),
        ({"shares": "3=nan"}, "of class '3' must be a weight of at least 0, got nan"),
        ({"shares": "3=0"}, "must give some class a weight above 0"),
        ({"shares": "even", "label": "3"}, "--label 3 and --shares were both given"),
    ],
)
def test_shares_that_are_none_are_refused(of_three, asked, said):
    with pytest.raises(Refused, match=said):
        of_three.draw(2, **asked)


def test_shares_for_a_sampler_that_takes_no_labels_are_refused(data, game, fit, tmp_path):
    with pytest.raises(Refused, match="--shares were asked for, but this run's sampler takes no labels"):
        fit(game(), data, tmp_path / "run").draw(2, shares="even")


@pytest.mark.parametrize("name", ["more.npz", "more.csv", "more.parquet"])
def test_files_of_samples_say_the_class_of_each(of_three, name, tmp_path):
    pf.sample(of_three.path, 30, out=tmp_path / name, shares="5=1,seven=1")
    if name.endswith("npz"):
        found = np.load(tmp_path / name)["labels"]
    else:
        found = (pd.read_csv if name.endswith("csv") else pd.read_parquet)(tmp_path / name)["label"].to_numpy()
    expected = of_three.draw(30, shares={"5": 1, "seven": 1}).label
    assert found.tolist() == [("3", "5", "seven")[i] for i in expected]


def test_pictures_come_back_in_folders_of_their_classes(fit, tmp_path):
    for name in ("cat", "dog"):
        (tmp_path / "in" / name).mkdir(parents=True)
        for i in range(15):
            Image.fromarray(np.full((8, 8), i, np.uint8)).save(tmp_path / "in" / name / f"{i}.png")
    data = pf.data.load(tmp_path / "in")
    run = fit(pf.recipes.gan(data.space, MLP((4,)), batch_size=8), data, tmp_path / "run", steps=1)
    pf.sample(run.path, 6, out=tmp_path / "out", label="dog")
    assert {p.parent.name for p in (tmp_path / "out").rglob("*.png")} == {"dog"}
    assert len(list((tmp_path / "out" / "dog").iterdir())) == 6
