import builtins

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from pushforward.data import load
from pushforward.errors import Refused

RNG = np.random.default_rng(4)


@pytest.fixture(autouse=True)
def _offline(tmp_path, monkeypatch):
    """No network, and nothing kept outside of the test."""
    datasets = pytest.importorskip("datasets", reason="the extra hub is not installed")
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    datasets.disable_progress_bars()


def table(n):
    return pd.DataFrame({"a": RNG.integers(0, 100, n), "b": RNG.normal(size=n), "kind": ["x", "y"] * (n // 2)})


def test_a_table(tmp_path):
    place = tmp_path / "numbers"
    place.mkdir()
    table(40).to_parquet(place / "train.parquet")
    table(30).to_parquet(place / "test.parquet")
    data = load(f"hf:{place}", labels="kind")
    assert data.name == "numbers"
    assert data.space.names == ("a", "b")
    assert (len(data.train), len(data.validation), len(data.test)) == (34, 6, 30)
    one = load(f"hf:{place}", labels="kind", split="test")
    assert len(one.train) + len(one.validation) + len(one.test) == 30
    assert one.spec == {"spec": f"hf:{place}", "labels": "kind", "split": "test"}
    with pytest.raises(Refused, match="did you mean 'test'"):
        load(f"hf:{place}", labels="kind", split="tset")


def test_pictures(tmp_path):
    for part, count in (("train", 12), ("test", 10)):
        for kind in ("ant", "bee"):
            (tmp_path / "album" / part / kind).mkdir(parents=True)
            for i in range(count):
                x = RNG.integers(0, 256, (28, 30, 3), dtype=np.uint8)
                Image.fromarray(x).save(tmp_path / "album" / part / kind / f"{i}.png")
    data = load(f"hf:{tmp_path}/album")
    assert data.space.shape == (3, 28, 30)
    assert data.space.classes == ("ant", "bee")
    assert len(data.test) == 20
    assert data.test.all().label.bincount().tolist() == [10, 10]
    local = load(tmp_path / "album")
    assert float(local.test.all().x.sum()) == pytest.approx(float(data.test.all().x.sum()), rel=1e-5)


def test_what_cannot_be_had(tmp_path):
    with pytest.raises(Refused, match="data hf:nobody/nothing cannot be had: "):
        load("hf:nobody/nothing")
    (tmp_path / "empty").mkdir()
    with pytest.raises(Refused, match="cannot be had"):
        load(f"hf:{tmp_path}/empty")


def test_without_the_extra(monkeypatch):
    plain = builtins.__import__

    def without(name, *rest, **options):
        if name == "datasets":
            raise ModuleNotFoundError("No module named 'datasets'", name="datasets")
        return plain(name, *rest, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(Refused, match=r"install pushforward\[hub\]"):
        load("hf:owner/name")
