"""Killed at any moment, `sample` leaves the earlier samples or its own, and `score --cache` no false feature."""

import random
import signal
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import pushforward as pf
from pushforward.features import extraction
from pushforward.networks import MLP

SCRIPTS = Path(__file__).parent / "scripts"
N = 12


def killed(child, script, kills, longest, watch=lambda process: None, **names):
    """Starts a script again and again, kills it so many times, then lets it end; how often it died."""
    moments, deaths = random.Random(1), 0
    for _ in range(kills):
        process = child(SCRIPTS / script, **names)
        watch(process)
        process.join(moments.uniform(0.0, longest))
        process.kill()
        process.join()
        assert process.exitcode in (0, -signal.SIGKILL)
        deaths += process.exitcode != 0
        yield deaths
    process = child(SCRIPTS / script, **names)
    process.join()
    assert process.exitcode == 0
    yield deaths


def content(folder):
    return {p.name: np.asarray(Image.open(p)).tobytes() for p in folder.rglob("*.png")}


@pytest.fixture
def run(fit, tmp_path):
    """A run on small pictures, and what its samples of two seeds look like in a folder."""
    pictures = np.random.default_rng(0).integers(0, 256, (60, 8, 8), dtype=np.uint8)
    data = pf.data.load(pictures)
    run = fit(pf.recipes.mmd_net(data.space, MLP((4,)), batch_size=8), data, tmp_path / "run", steps=1)
    wanted = []
    for seed in (1, 2):
        run.write_samples(tmp_path / f"seed{seed}", N, seed)
        wanted.append(content(tmp_path / f"seed{seed}"))
    return run.path, wanted


def sampled(child, run, tmp_path, kills):
    """Samples of two seeds in turn into one folder, under kills; at every moment it is that of one of them."""
    path, (one, other) = run
    out, deaths, replaced = tmp_path / "here" / "pics", 0, 0
    pf.load(path).write_samples(out, N, 1)

    def watch(process):
        for _ in range(1000):
            assert out.is_dir()

    for seed in (2, 1):
        for deaths_now in killed(
            child, "sampling.py", kills, 0.6, watch, run=str(path), out=str(out), n=N, seed=seed, slow=0.005
        ):
            found = content(out)
            assert found in (one, other)
            deaths += deaths_now
            replaced += found == (one, other)[seed - 1]
        assert content(out) == (one, other)[seed - 1]
        assert [p.name for p in out.parent.iterdir()] == ["pics"], "what the killed ones left is gone"
    return deaths


def test_samples_in_an_existing_folder_survive_kills(child, run, tmp_path):
    assert sampled(child, run, tmp_path, 4) >= 3


@pytest.mark.slow
def test_samples_in_an_existing_folder_survive_many_kills(child, run, tmp_path):
    assert sampled(child, run, tmp_path, 40) >= 20


def cached(child, tmp_path, monkeypatch, kills):
    rng, names = np.random.default_rng(0), {}
    for name, high in (("real", 255), ("fake", 200)):
        np.save(tmp_path / f"{name}.npy", rng.integers(0, high, (400, 8, 8, 1)).astype(np.uint8))
        names[name] = str(tmp_path / f"{name}.npy")
    asked = {"features": "random-conv", "metrics": "kid"}
    expected = pf.score(**names, **asked)
    *_, deaths = killed(child, "caching.py", kills, 1.0, cache=str(tmp_path / "cache"), slow=0.02, **names)
    assert all(p.name.endswith(".safetensors") for p in (tmp_path / "cache").rglob("*") if p.is_file())
    monkeypatch.setenv("PUSHFORWARD_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(extraction, "CHUNK", 1)
    found = pf.score(**names, **asked, cache=True)
    assert found.scores == expected.scores
    assert any("Features of 800 of 800 points came from the cache" in w for w in found.warnings)
    assert not any("damaged" in w for w in found.warnings)
    return deaths


def test_the_cache_survives_kills(child, tmp_path, monkeypatch):
    assert cached(child, tmp_path, monkeypatch, 4) >= 2


@pytest.mark.slow
def test_the_cache_survives_many_kills(child, tmp_path, monkeypatch):
    assert cached(child, tmp_path, monkeypatch, 30) >= 10
