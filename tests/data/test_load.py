import sys
import textwrap
from dataclasses import replace

import numpy as np
import pytest
import torch

from pushforward.data import load, load_like
from pushforward.data.base import Data
from pushforward.errors import Refused
from pushforward.spaces import Image, Vector


@pytest.fixture
def module(tmp_path, monkeypatch):
    """A module of the user's in the working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "their_module.py").write_text(
        textwrap.dedent("""
        import numpy as np
        import pushforward as pf
        x = np.random.default_rng(0).normal(size=(50, 3))
        ready = pf.data.load(x)
        def fresh():
            return ready
        def array():
            return x, np.arange(50) % 2
        def word():
            return "digits"
        def broken():
            return 1 / 0
        number = 3
        """)
    )
    yield "their_module"
    sys.modules.pop("their_module", None)


def test_digits():
    data = load("digits")
    assert data.space == Image(1, 8, 8, classes=tuple("0123456789"))
    assert (len(data.train), len(data.validation), len(data.test)) == (1257, 270, 270)
    assert data.codec.decode(data.test.all(4)).shape == (4, 8, 8)
    # 17 levels of gray, as scikit-learn has them, to the nearest of 255
    levels = torch.cat([data.train.all().x, data.test.all().x]).unique()
    assert torch.allclose(levels, torch.linspace(-1, 1, 17), atol=1.01 / 255)


def test_spec_loads_it_again(tmp_path, monkeypatch):
    np.save(tmp_path / "a.npy", np.random.default_rng(0).integers(0, 256, (40, 9, 9), dtype=np.uint8))
    monkeypatch.chdir(tmp_path)
    data = load("a.npy", size=8, seed=3, split="60/20/20")
    monkeypatch.chdir("/")
    again = load(**data.spec)
    assert again.spec == data.spec
    assert again.content_hash == data.content_hash
    assert torch.equal(again.train.all().x, data.train.all().x)


def test_split_is_by_seed():
    one, same, other = (load("digits", seed=seed).test.all().x for seed in (0, 0, 1))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_shares():
    data = load("digits", split="50/25/25")
    assert (len(data.validation), len(data.test)) == (449, 449)


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("digist", "did you mean 'digits'"),
        ("swissroll", "did you mean 'swiss-roll'"),
        ("zzz", "known are: digits, ring, ring-unequal, grid, ring-3d, swiss-roll, two-moons"),
        ("photos/", "does not exist; check the path"),
        ("a.csv", "does not exist; check the path"),
        ("nowhere.data", "neither a name nor a path nor a dotted path"),
        ("os.nothing_like_this", "module os has no nothing_like_this"),
        ("", "data '' is neither"),
        ("x" * 5000, "neither a name nor a path"),
    ],
)
def test_what_is_not_found(word, reason):
    with pytest.raises(Refused, match=reason):
        load(word)


def test_other_endings_list_the_known(tmp_path):
    (tmp_path / "a.xlsx").write_text("")
    with pytest.raises(
        Refused, match=r"\.npy, \.npz, \.csv, \.tsv, \.csv\.gz, \.tsv\.gz, \.parquet, \.zip, \.tar, got .*a\.xlsx"
    ):
        load(tmp_path / "a.xlsx")


class TestDottedPaths:
    def test_to_data_and_to_functions(self, module):
        for name in ("ready", "fresh"):
            data = load(f"{module}.{name}")
            assert isinstance(data, Data)
            assert data.space == Vector(3)
            assert data.spec == {"spec": f"{module}.{name}"}
            assert data.reloadable

    def test_to_arrays_with_options(self, module):
        data = load(f"{module}.array", seed=4)
        assert data.space == Vector(3, ("0", "1"))
        assert data.spec == {"spec": f"{module}.array", "seed": 4}

    def test_to_a_name(self, module):
        assert load(f"{module}.word", size=4).space.shape == (1, 4, 4)

    def test_to_no_data(self, module):
        with pytest.raises(Refused, match="got int"):
            load(f"{module}.number")
        with pytest.raises(Refused, match="did you mean 'fresh'"):
            load(f"{module}.fersh")

    def test_errors_of_the_user_pass_through(self, module, tmp_path):
        with pytest.raises(ZeroDivisionError):
            load(f"{module}.broken")
        (tmp_path / "needs_more.py").write_text("import a_package_that_is_not_there")
        with pytest.raises(ModuleNotFoundError, match="a_package_that_is_not_there"):
            load("needs_more.data")


def test_data_is_given_back_and_takes_no_options():
    data = load("digits")
    assert load(data) is data
    with pytest.raises(Refused, match="loaded already"):
        load(data, size=8)


def test_objects_say_that_they_cannot_be_loaded_again():
    data = load(np.random.default_rng(0).normal(size=(40, 2)))
    assert data.spec == {"object": "array (40, 2)"}
    assert not data.reloadable
    assert load("digits").reloadable


def test_other_samples_of_the_same_kind(tmp_path):
    data = load("digits")
    data.codec.write(data.test.all(), tmp_path / "a.npz")
    for like in (data, data.codec):
        assert torch.allclose(load_like(like, tmp_path / "a.npz").x, data.test.all().x, atol=1e-6)
    assert torch.equal(load_like(data, data.codec.decode(data.test.all())).x, data.test.all().x)
    with pytest.raises(Refused, match="does not exist"):
        load_like(data, tmp_path / "b.npz")


def test_every_choice_is_said():
    assert load("digits").notes[-1] == "1257 train, 270 validation and 270 test rows, split by seed."
    assert replace(load("ring"), notes=()).notes == ()
