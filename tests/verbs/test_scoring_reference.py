"""Files of statistics: ours serve every score, pytorch-fid's serve FID, and neither is compared with another space."""

import zipfile

import numpy as np
import pytest

import pushforward as pf
from pushforward.errors import Refused
from pushforward.features import CleanFID, PytorchFID, TorchFidelity
from pushforward.judging import PRDC_PACKAGE, TORCH_FIDELITY, requested
from pushforward.judging.feature_space import PREPARED
from pushforward.judging.presets import PRESETS
from pushforward.judging.reference import Reference, is_statistics
from pushforward.metrics import FrechetDistance


def rows(seed, n=80, shift=0.0):
    return (np.random.default_rng(seed).normal(size=(n, 3)) + shift).astype("float32")


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "real.npz"
    pf.score(rows(0), rows(1), metrics="energy", floor=False, save_reference=path)
    return path


def test_a_saved_file_gives_the_scores_of_the_data(saved):
    asked = {"metrics": "kid,fid,prdc,mmd", "floor": False}
    direct, filed = pf.score(rows(0), rows(2, shift=1), **asked), pf.score(saved, rows(2, shift=1), **asked)
    for score in direct.scores:
        assert filed[score.name].value == pytest.approx(score.value, rel=1e-6)
    assert filed.tests["two-sample"]["rejected"]
    assert filed.n_real == 80


def test_pytorch_fid_can_read_it(saved):
    with np.load(saved) as stored:
        assert stored["mu"].shape == (3,)
        assert stored["sigma"].shape == (3, 3)
        assert stored["mu"].dtype == stored["sigma"].dtype == np.float64


def test_mu_and_sigma_alone_serve_fid(tmp_path):
    x, y = rows(0), rows(1, shift=2)
    np.savez(tmp_path / "theirs.npz", mu=x.mean(0), sigma=np.cov(x.T))
    found = pf.score(tmp_path / "theirs.npz", y, metrics="fid", features=lambda z: z)
    data = pf.data.load(y)
    z = np.concatenate([p.all().x.numpy() for p in (data.test, data.validation, data.train)])
    assert found["fid"].value == pytest.approx(FrechetDistance()(x, z)[0].value, rel=1e-5)
    assert "your word" in found.warnings[0]
    assert found.to_json()["tests"] == {}
    with pytest.raises(Refused, match="mu and sigma only, which serve fid; kid needs"):
        pf.score(tmp_path / "theirs.npz", y, metrics="fid,kid")


def test_another_space_or_width_is_refused(saved):
    with pytest.raises(Refused, match="not comparable: features is 'identity' in the file"):
        pf.score(saved, rows(1), features=lambda z: z)
    with pytest.raises(Refused, match="statistics of 3 features, the samples have 1"):
        pf.score(saved, rows(1), features=lambda z: z[:, :1])
    with pytest.raises(Refused, match="needs FAKE"):
        pf.score(saved)


def test_a_name_without_its_ending_is_refused(tmp_path):
    with pytest.raises(Refused, match="must end in .npz"):
        pf.score(rows(0), rows(1), save_reference=tmp_path / "real")


def test_presets_are_requests():
    assert requested(TORCH_FIDELITY).names[:3] == ("inception-score", "fid", "kid-subsets")
    found = pf.score(rows(0), rows(1), metrics=PRDC_PACKAGE, floor=False)
    assert found.protocol["metrics"] == {"prdc": {"k": 5, "strict": True}}


def test_a_preset_measures_what_its_program_does():
    found = pf.score(rows(0), rows(1), preset="prdc", floor=False)
    assert [s.name for s in found.scores] == ["precision", "recall", "density", "coverage"]
    assert found.protocol["metrics"] == {"prdc": {"k": 5, "strict": True}}
    theirs = pf.score(rows(0), rows(1), preset="pytorch-fid", features="identity", floor=False)
    assert theirs["fid"].value == pf.score(rows(0), rows(1), metrics="fid", floor=False)["fid"].value
    with pytest.raises(Refused, match="leave out --metrics"):
        pf.score(rows(0), rows(1), preset="prdc", metrics="fid")
    with pytest.raises(Refused, match="did you mean 'clean-fid'"):
        pf.score(rows(0), rows(1), preset="cleanfid")
    with pytest.raises(Refused, match="need pictures"):
        pf.score(rows(0), rows(1), preset="torch-fidelity")


@pytest.mark.parametrize("name", ["pytorch-fid", "torch-fidelity", "clean-fid"])
def test_the_space_of_a_preset_is_that_programs(name, monkeypatch, tmp_path):
    """Whose weights are asked for, where there are none; the preparations have tests of their own."""
    monkeypatch.setenv("PUSHFORWARD_CACHE", str(tmp_path))
    monkeypatch.delenv("PUSHFORWARD_INCEPTION", raising=False)
    assert {PREPARED[p.space] for p in PRESETS.values() if p.space} == {PytorchFID(), TorchFidelity(), CleanFID()}
    digits = pf.data.load("digits")
    with pytest.raises(Refused, match="inception"):
        pf.score(digits, digits.train.all(20), preset=name)


def stored(**changed):
    """The arrays of a sound file, with some of them changed."""
    x = rows(0).astype(np.float64)
    found = {"mu": x.mean(0), "sigma": np.cov(x.T), "n": np.array(80), "version": np.array(1), "features": rows(0)}
    found |= {"protocol": np.array('{"features": "identity"}'), "made_of": np.array("{}")}
    return {name: array for name, array in (found | changed).items() if array is not None}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"sigma": np.eye(2)}, r"mu .* must be \(d,\) and sigma \(d, d\)"),
        ({"mu": np.zeros(0), "sigma": np.zeros((0, 0))}, r"must be \(d,\)"),
        ({"mu": np.array(["a", "b", "c"])}, "mu .* must be numbers"),
        ({"sigma": np.triu(np.ones((3, 3)))}, "must be a covariance, symmetric"),
        ({"sigma": -np.eye(3)}, "variances of at least 0"),
        ({"mu": np.full(3, np.nan)}, "must be finite"),
        ({"features": np.zeros((80, 4), np.float32)}, "rows of 3 floats"),
        ({"features": np.full((80, 3), np.inf, np.float32)}, "features .* must be finite"),
        ({"n": np.array(-3)}, "n .* must be a number of at least 0"),
        ({"n": np.arange(2)}, "n .* must be a number of at least 0"),
        ({"version": np.array(9)}, "a later version"),
        ({"protocol": np.array("{")}, "protocol .* must be JSON"),
        ({"made_of": np.array("[" * 100_000)}, "made_of .* must be JSON"),
        ({"made_of": np.array("[1]")}, "made_of .* must be a mapping, got list"),
    ],
)
def test_arrays_that_are_no_statistics_are_refused(changed, said, tmp_path):
    np.savez(tmp_path / "a.npz", **stored(**changed))
    with pytest.raises(Refused, match=said):
        Reference.load(tmp_path / "a.npz")


def test_no_mutated_file_ends_in_a_traceback(damaged, tmp_path):
    """Each is refused, or read as one of statistics; a file whose checksum still fits is the same file."""
    np.savez(tmp_path / "sound.npz", **stored())
    path, refused = tmp_path / "a.npz", 0
    for content in damaged((tmp_path / "sound.npz").read_bytes(), 1500):
        path.write_bytes(content)
        try:
            assert Reference.load(path).moments.mean.shape == (3,)
        except Refused:
            refused += 1
        is_statistics(path)
    assert refused > 1000


def test_no_mutated_array_of_it_ends_in_a_traceback(damaged, tmp_path):
    """The same inside of the archive, where checksums are made anew."""
    np.savez(tmp_path / "sound.npz", **stored())
    with zipfile.ZipFile(tmp_path / "sound.npz") as archive:
        sound = {name: archive.read(name) for name in archive.namelist()}
    refused = 0
    for name, whole in sound.items():
        for content in damaged(whole, 200, seed=len(name)):
            with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
                for other, kept in sound.items():
                    archive.writestr(other, content if other == name else kept)
            try:
                Reference.load(tmp_path / "a.npz")
            except Refused:
                refused += 1
    assert refused > 700
