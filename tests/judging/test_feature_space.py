"""Spaces by name: each is what it says, and what does not suit the data is said."""

import numpy as np
import pytest
import torch

import pushforward as pf
from pushforward.errors import Refused
from pushforward.features import PCA, Identity, Own, Pixels, RandomConv
from pushforward.judging.feature_space import embedding
from pushforward.spaces import Vector


@pytest.fixture(scope="module")
def digits():
    return pf.data.load("digits")


@pytest.mark.parametrize(
    ("name", "kind", "width"),
    [(None, Identity, 64), ("identity", Identity, 64), ("pixels", Pixels, 64), ("random-conv", RandomConv, 512),
     ("pca-7", PCA, 7)],
)  # fmt: skip
def test_names(digits, name, kind, width):
    f = embedding(name, digits.space, digits)
    assert isinstance(f, kind)
    assert f(digits.test.all(5).x).shape == (5, width)


def test_pca_is_fitted_to_the_training_part_alone(digits):
    expected = PCA.fitted(digits.train.all().x)
    assert embedding("pca", digits.space, digits).protocol == expected.protocol
    assert expected.protocol["components"] == 61  # pixels that vary; 64 are asked for, and 3 are black everywhere


def test_a_map_of_ones_own_is_named_by_its_path(digits, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own_maps.py").write_text(
        "from pushforward.features import Pixels\n"
        "def halves(x): return x.flatten(1)[:, :32]\n"
        "class Black(Pixels): pass\n"
        "bright = Pixels(0.0, 1.0)\n"
        "number = 3\n"
    )
    x = digits.test.all(5).x
    f = embedding("own_maps.halves", digits.space)
    assert isinstance(f, Own)
    assert f(x).shape == (5, 32)
    assert f.protocol == {"features": "own_maps.halves"}
    assert isinstance(embedding("own_maps.Black", digits.space), Pixels)
    assert embedding("own_maps.bright", digits.space) == Pixels(0.0, 1.0)
    with pytest.raises(Refused, match="a feature map or a function of points, got own_maps.number int"):
        embedding("own_maps.number", digits.space)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("random-cnv", "no features 'random-cnv'; did you mean 'random-conv'"),
        ("no.module", "no features 'no.module'; known are"),
        ("inception-100", "no features 'inception-100'; the width is one of 64, 192, 768, 2048"),
        ("pca-0", "at least 1 component"),
        ("dinov2", "features dinov2 need pictures, got Vector; take identity or pca"),
        ("random-conv", "features random-conv need pictures"),
        ("transformers:here", "features transformers need pictures"),
        ("pca", "are fitted to the data, and a file of statistics holds none"),
    ],
)
def test_what_does_not_suit_is_said(name, sentence):
    data = pf.data.load(np.random.default_rng(0).normal(size=(50, 3))) if name == "pca-0" else None
    with pytest.raises(Refused, match=sentence):
        embedding(name, Vector(3), data)


def test_scores_are_those_of_the_space(digits):
    x = torch.cat([p.all().x for p in (digits.test, digits.validation, digits.train)])
    found = pf.score(digits, digits.codec.decode(digits.train.all(300)), features="pca-5", metrics="fid", floor=False)
    z = PCA.fitted(digits.train.all().x, 5)
    expected = pf.metrics.FrechetDistance()(z(x), z(digits.train.all(300).x))[0].value
    assert found["fid"].value == pytest.approx(expected, rel=1e-4)
    assert found.features == z.protocol
