"""Codes, reconstructions, means and other laws of codes, from Python and from the command line."""

import numpy as np
import pandas as pd
import pytest
from sklearn.mixture import GaussianMixture

import pushforward as pf
from pushforward.cli import main
from pushforward.errors import Refused


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    data = pf.data.load("digits")
    game = pf.recipes.vae(data.space, pf.networks.MLP((32,)), latent_dim=2)
    return pf.fit(game, data, steps=60, run=tmp_path_factory.mktemp("vae") / "run", quiet=True, verdict=False)


@pytest.fixture(scope="module")
def test_rows(run):
    rows = run.data.test.all()
    return run.codec.decode(rows), run.codec.classes_of(rows)


def test_codes_are_the_same_by_every_way(run, test_rows, tmp_path, capsys):
    codes = run.encode(test_rows[0])
    assert codes.shape == (len(test_rows[0]), 2)
    for ending in (".npy", ".npz", ".csv", ".parquet"):
        assert main(["encode", str(run.path), "--out", str(tmp_path / f"codes{ending}")]) == 0
    assert "codes.parquet" in capsys.readouterr().out
    np.testing.assert_allclose(np.load(tmp_path / "codes.npy"), codes, rtol=1e-4, atol=1e-5)
    with np.load(tmp_path / "codes.npz") as found:
        assert (found["labels"] == test_rows[1]).all()
    table = pd.read_csv(tmp_path / "codes.csv")
    assert list(table.columns) == ["code_1", "code_2", "label"]
    pd.testing.assert_frame_equal(table, pd.read_parquet(tmp_path / "codes.parquet"), check_dtype=False)
    np.savez(tmp_path / "x.npz", images=test_rows[0][:7])
    out = pf.encode(run.path, tmp_path / "x.npz", out=tmp_path / "of_file.npy")
    np.testing.assert_allclose(np.load(out), codes[:7], rtol=1e-4, atol=1e-5)
    assert len(np.load(pf.encode(run.path, "digits", out=tmp_path / "all.npy"))) == 1797


def test_reconstructions_and_lines_come_in_the_form_of_the_data(run, test_rows, tmp_path):
    x, labels = test_rows
    back = run.reconstruct(test_rows)
    assert back.dtype == x.dtype
    assert back.shape == x.shape
    out = pf.reconstruct(run.path, out=tmp_path / "back.npz")
    with np.load(out) as found:
        assert (found["samples"] == back).all()
    line = run.interpolate((x[:1], labels[:1]), (x[1:2], labels[:1]), 5)
    assert (line[0] == back[0]).all()
    with pytest.raises(Refused, match="takes the class of each point, which these data do not name"):
        run.reconstruct(x)


def test_means_are_not_draws(run):
    """The mean of many draws at one code is the mean, within a level; and means are smooth where draws are not."""
    draws, means = run.sample(200, label=3), run.sample(200, label=3, means=True)
    assert np.abs(draws.mean() - means.mean()) < 10
    rough = lambda x: np.abs(np.diff(x.astype(float), axis=2)).mean()
    assert rough(means) < rough(draws)


def test_a_mixture_is_fitted_to_codes(run):
    """Codes of its samples have the moments of draws of q at training rows, which the prior's need not."""
    import torch

    from pushforward.verbs.redrawing import mixture_of_codes

    sampler = run.sampler()
    mixture = mixture_of_codes(sampler, run.data.train)
    with torch.no_grad():
        codes = sampler.inferred(sampler.said(run.data.train.all().x)).z
        drawn = mixture(20_000).x
        theirs = GaussianMixture(4, random_state=0).fit(codes.numpy())
        own = mixture.log_prob(pf.spaces.Batch(codes)).mean()
    assert float(own) > theirs.score(codes.numpy()) - 0.1
    np.testing.assert_allclose(drawn.mean(0), codes.mean(0), atol=0.1)
    np.testing.assert_allclose(np.cov(drawn.T), np.cov(codes.T), atol=0.15)
    assert run.sample(5, prior="gmm").shape == (5, 8, 8)


def test_the_command_line_draws_means_of_a_mixture(run, tmp_path):
    out = tmp_path / "more.npz"
    assert main(["sample", str(run.path), "-n", "5", "--prior", "gmm", "--means", "--out", str(out)]) == 0
    assert len(np.load(out)["samples"]) == 5


def test_bounds_by_more_draws_are_higher(run, test_rows):
    few, many = (run.log_prob(test_rows, draws=k) for k in (1, 50))
    assert many.mean() > few.mean()
    assert (run.log_prob(test_rows) == many).all()
    with pytest.raises(Refused, match="draws must be at least 1"):
        run.log_prob(test_rows, draws=0)


def test_what_is_refused(run, tmp_path, capsys):
    data = pf.data.load(np.random.default_rng(0).normal(size=(100, 2)))
    plain = pf.fit(pf.recipes.gan(data.space), data, steps=1, run=tmp_path / "gan", quiet=True, verdict=False)
    with pytest.raises(Refused, match="gan has no encoder: gan finds no codes; fit another, such as vae"):
        pf.encode(plain.path)
    with pytest.raises(Refused, match="gan has no encoder and no codes, which --prior and --means are about"):
        plain.sample(5, means=True)
    np.savez(tmp_path / "rows.npz", x=np.zeros((3, 9)))
    assert main(["encode", str(run.path), str(tmp_path / "rows.npz")]) == 2
    assert "must be (n, h, w), (n, h, w, c) or (n, c, h, w), got shape (3, 9)" in capsys.readouterr().err
    assert main(["encode", str(run.path), "--out", "codes.txt"]) == 2
    assert "must end in .npy, .npz, .csv, .parquet, got 'codes.txt'" in capsys.readouterr().err


def test_codes_stand_beside_the_columns_that_name_rows(tmp_path):
    """Of the rows of the file, and of those of the test part, each beside its own name."""
    draw, n = np.random.default_rng(0), 120
    frame = pd.DataFrame({"key": [f"K-{i:04d}" for i in draw.permutation(n)], "x": draw.normal(size=n),
                          "person": np.repeat(np.arange(n // 4), 4), "y": draw.normal(size=n)})  # fmt: skip
    frame.to_csv(tmp_path / "t.csv", index=False)
    data = pf.data.load(tmp_path / "t.csv", groups="person")
    run = pf.fit(pf.recipes.ae(data.space, latent_dim=2), data, run=tmp_path / "r", steps=2, quiet=True, verdict=False)
    for given in (None, tmp_path / "t.csv"):
        table = pd.read_csv(pf.encode(run.path, given, out=tmp_path / "codes.csv"))
        assert list(table.columns) == ["key", "person", "code_1", "code_2"]
        rows = frame.set_index("key").loc[table["key"]]
        assert len(rows) == (n if given else len(data.test))
        assert (rows["person"].to_numpy() == table["person"]).all()
        np.testing.assert_allclose(run.encode(rows.reset_index()), table[["code_1", "code_2"]], rtol=1e-4, atol=1e-5)
    bare = frame[["x", "y"]].to_numpy()
    np.save(tmp_path / "t.npy", bare)
    table = pd.read_parquet(pf.encode(run.path, tmp_path / "t.npy", out=tmp_path / "codes.parquet"))
    assert list(table.columns) == ["code_1", "code_2"]
    assert np.load(pf.encode(run.path, out=tmp_path / "codes.npy")).shape == (len(data.test), 2)


@pytest.mark.parametrize(("binarise", "said"), [(True, False), (False, True)])
def test_two_valued_samples_are_not_judged_beside_grey_pictures_unseen(binarise, said, tmp_path, capsys):
    """`fit` and the verdict say what scores see first, and which option of the data mends it, unless it is given."""
    data = pf.data.load("digits", binarise=binarise)
    game = pf.recipes.vae(data.space, pf.networks.MLP((4,)), 2, likelihood=pf.likelihoods.Bernoulli(binarise=True))
    run = pf.fit(game, data, run=tmp_path / "r", steps=1, verdict=False)
    assert ("samples have two values and these data are grey" in capsys.readouterr().err) == said
    found = pf.score(run.path, metrics="energy", floor=False).to_json()
    assert any("once for all (--binarise true)" in note for note in found["warnings"]) == said
