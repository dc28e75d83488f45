"""The codes of a run as the space in which data and samples are compared."""

from shutil import copytree

import numpy as np
import pytest
import torch

import pushforward as pf
from pushforward.errors import Refused


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    data = pf.data.load("digits")
    game = pf.recipes.vae(data.space, pf.networks.MLP((32,)), latent_dim=3)
    return pf.fit(game, data, steps=60, run=tmp_path_factory.mktemp("coded") / "vae", quiet=True, verdict=False)


def test_scores_are_those_of_codes(run, tmp_path):
    """The energy distance of pictures in that space is that of their codes in their own."""
    rows = run.data.test.all()
    x, y = run.codec.decode(rows), run.sample(200, seed=1)
    asked = dict(metrics="energy", floor=False)
    by_codes = pf.score(x, y, features=f"run:{run.path}", **asked)
    codes = pf.score(run.encode(x), run.encode(y), **asked)
    values = [found.to_json()["scores"]["energy"]["value"] for found in (by_codes, codes)]
    assert values[0] == pytest.approx(values[1], rel=1e-4)
    ranked = pf.compare(x, {"a": y, "b": np.zeros_like(y)}, features=f"run:{run.path}")
    assert ranked.to_json()["ranking"][0] == "a"


def test_a_run_that_is_judged_by_its_own_codes_is_told_so(run):
    found = pf.score(run.path, features=f"run:{run.path}", metrics="energy", floor=False)
    assert any("judged by its own encoder" in note for note in found.to_json()["warnings"])


def test_a_copy_of_a_run_under_another_name_is_told_so_too(run, tmp_path):
    copytree(run.path, tmp_path / "copy")
    found = pf.score(run.path, features=f"run:{tmp_path / 'copy'}", metrics="energy", floor=False)
    assert any("copy is judged by its own encoder" in note for note in found.to_json()["warnings"])


@pytest.mark.parametrize("name", ["drifting", "feature_matching", "gram"])
def test_samples_are_matched_in_the_codes_of_a_run_and_a_judge_by_the_same_is_told_so(name, run, tmp_path, capsys):
    """The features of the game are the codes of the run; a copy of that run judges with a caution, another without."""
    space = run.data.space
    features = f"run:{run.path}"
    game = getattr(pf.recipes, name)(space, features=features, batch_size=64)
    with pytest.raises(Refused, match="which `fit` opens before the first turn"):
        game.features(torch.zeros(1, 1, 8, 8))
    asked = dict(steps=2, quiet=False, verdict=False, probe_features=features, probes="energy")
    found = pf.fit(game, run.data, run=tmp_path / "fit", **asked)
    assert "Probes look through the features in which samples are matched" in capsys.readouterr().err
    x = run.data.test.all(20).x.requires_grad_()
    torch.testing.assert_close(game.features(x).detach(), run.coder().codes(run.data.test.all(20)))
    assert game.features(x).requires_grad
    groups = found.folder.checkpoints.load_last().tensors.values()
    assert not any("encoder" in key or "features" in key for group in groups for key in group)
    copytree(run.path, tmp_path / "copy")
    again = pf.load(tmp_path / "fit")  # which opens without the other run
    assert again.sample(3).shape == (3, 8, 8)
    judged = pf.score(found.path, features=f"run:{tmp_path / 'copy'}", metrics="energy", floor=False)
    assert any("matched to the data in the very features" in note for note in judged.to_json()["warnings"])
    judged = pf.score(found.path, features="pixels", metrics="energy", floor=False)
    assert not any("very features" in note for note in judged.to_json()["warnings"])
    pf.resume(tmp_path / "fit", steps=3, quiet=True)


def test_samples_that_were_matched_in_a_map_are_not_judged_by_its_like_unseen(run, tmp_path):
    low, high = run.data.space.range
    game = pf.recipes.drifting(run.data.space, features=pf.features.RandomConv(low=low, high=high), batch_size=64)
    pf.fit(game, run.data, run=tmp_path / "fit", steps=1, quiet=True, verdict=False)
    judged = pf.score(tmp_path / "fit", features="random-conv", metrics="energy", floor=False)
    assert any("matched to the data in the very features" in note for note in judged.to_json()["warnings"])


def test_runs_in_whose_codes_no_samples_are_matched(run, tmp_path):
    with pytest.raises(Refused, match="--features of drifting must be a map .* run:FOLDER, .*got 'random-conv'"):
        pf.recipes.drifting(run.data.space, features="random-conv")
    fit = lambda data: pf.fit(
        pf.recipes.drifting(data.space, features=f"run:{run.path}"), data, run=tmp_path / "x", steps=1, quiet=True
    )
    with pytest.raises(Refused, match="split otherwise"):
        fit(pf.data.load("digits", seed=1))
    with pytest.raises(Refused, match=r"encodes points of shape \(1, 8, 8\), and these have shape \(2,\)"):
        fit(pf.data.load("ring"))
    rows = np.random.default_rng(0).normal(size=(2, 100, 3)) + 5
    rows[1] *= 7
    narrow, wide = (pf.data.load(x) for x in rows)
    coded = pf.fit(pf.recipes.ae(narrow.space), narrow, run=tmp_path / "ae", steps=1, quiet=True, verdict=False)
    game = pf.recipes.drifting(wide.space, features=f"run:{coded.path}")
    with pytest.raises(Refused, match="encoded otherwise"):
        pf.fit(game, wide, run=tmp_path / "x", steps=1, quiet=True)


def test_features_of_no_such_run(run, tmp_path):
    x = np.random.default_rng(0).normal(size=(20, 5))
    with pytest.raises(Refused, match=r"encodes points of shape \(1, 8, 8\), and these have shape \(5,\)"):
        pf.score(x, x + 1, features=f"run:{run.path}")
    with pytest.raises(Refused):
        pf.score(x, x + 1, features=f"run:{tmp_path / 'none'}")
    data = pf.data.load(np.random.default_rng(0).normal(size=(100, 2)))
    plain = pf.fit(pf.recipes.gan(data.space), data, steps=1, run=tmp_path / "gan", quiet=True, verdict=False)
    with pytest.raises(Refused, match="gan has no encoder"):
        pf.score(x[:, :2], x[:, 2:4], features=f"run:{plain.path}")


def test_bounds_by_many_draws_need_no_more_memory(run, monkeypatch):
    """In parts of draws as at once: the same bound but for its draws, within six of their deviations."""
    from pushforward.samplers import latent

    x = run.data.test.all(3)
    with torch.no_grad():
        whole = torch.stack([run.sampler().bound(x, 2000) for _ in range(10)])
        monkeypatch.setattr(latent, "AT_ONCE", 64 * 300)
        parts = torch.stack([run.sampler().bound(x, 2000) for _ in range(10)])
    error = (whole.var(0) + parts.var(0)).div(10).sqrt()
    assert ((whole.mean(0) - parts.mean(0)).abs() < 6 * error).all()


def test_numbers_that_cannot_be():
    space = pf.spaces.Image(1, 28, 28)
    with pytest.raises(Refused, match="8 draws say little of a law of 16 coordinates"):
        pf.recipes.wae_mmd(space, noise=pf.samplers.Normal(16), batch_size=8)
    with pytest.raises(Refused, match="100000 codes for each of 100 points are 29 GB"):
        pf.recipes.iwae(space, draws=100_000)
