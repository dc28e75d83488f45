"""`pf.score` of more rows than are compared pair by pair: all of them where one pass will do."""

import numpy as np
import pytest
import torch

import pushforward as pf
from pushforward import rows as points_module
from pushforward import rows as stream
from pushforward.data.raw import spool
from pushforward.data.readers import callables as asked
from pushforward.errors import Refused
from pushforward.features import Own
from pushforward.judging.reference import Reference
from pushforward.metrics import KID, FrechetDistance, InceptionScore
from pushforward.verbs import cases, scoring

ONE_PASS = "fid,fid-infinity,kid"


@pytest.fixture(autouse=True)
def few_rows(monkeypatch):
    """Beyond 50 rows a side only what one pass can give uses all."""
    for module in (cases, scoring):
        monkeypatch.setattr(module, "TEST_ROWS", 50)


def rows(seed, n=400, shift=0.0):
    return (np.random.default_rng(seed).normal(size=(n, 5)) * [1, 1, 1, 1, 2] + shift).astype("float32")


def values(found):
    return {s.name: (s.value, s.stderr, s.spread) for s in found.scores}


def test_one_pass_scores_use_all_rows_and_the_others_a_subsample():
    data = pf.data.load(rows(0))
    x, y = data.codec.encode(rows(0)).x, data.codec.encode(rows(1, 300, 0.5)).x
    found = pf.score(data, rows(1, 300, 0.5), metrics="fid,kid,energy,precision")
    assert found["fid"].value == pytest.approx(FrechetDistance()(x, y)[0].value, rel=1e-10)
    assert found["fid"].spread == pytest.approx(FrechetDistance()(x, y)[0].spread, rel=1e-5)
    assert found["kid"].value == pytest.approx(KID()(x, y)[0].value, rel=1e-10)
    assert found["kid"].stderr == pytest.approx(KID()(x, y)[0].stderr, rel=1e-8)
    assert {s.name: s.rows for s in found.scores} == {
        "fid": (400, 300), "kid": (400, 300), "energy": (50, 50), "precision": (50, 50),
    }  # fmt: skip
    assert (found.n_real, found.n_fake) == (400, 300)
    said = [w for w in found.warnings if "--rows takes more" in w]
    assert said == ["everything but fid, kid is measured on 50 of 400 rows of data and 50 of 300 samples, drawn at "
                    "random; --rows takes more."]  # fmt: skip
    assert "scores of all rows fid kid, rows of data 400, samples 300" in found.to_json()["protocol"]["line"]
    assert "50 rows of data and 50 samples, fid and kid on 400 and 300." in found.words


def test_rows_cap_everything_and_say_so():
    found = pf.score(rows(0), rows(1), metrics="fid,energy", rows=60)
    assert {s.rows for s in found.scores} == {(60, 60)}
    assert any(
        "at most 60 rows of each are used (--rows); there are 400 rows of data and 400" in w for w in found.warnings
    )
    every = pf.score(rows(0), rows(1), metrics="fid,energy", rows=400)
    assert {s.rows for s in every.scores} == {(400, 400)}
    assert not any("--rows" in w for w in every.warnings)


def test_the_subsample_is_drawn_at_random_by_seed():
    fake = np.concatenate([rows(1, 200), rows(2, 200, 9.0)])
    first, same, other = (pf.score(rows(0), fake, metrics="energy", seed=s)["energy"].value for s in (1, 1, 2))
    assert first == same != other
    assert first > 1  # the first rows alone would be of the data's law


@pytest.mark.parametrize("sizes", [(2**24, 2**23), (200, 2**10), (2**9, 300)], ids=["whole", "many", "odd"])
def test_nothing_depends_on_blocks(sizes, monkeypatch):
    monkeypatch.setattr(points_module, "BLOCK", sizes[0])
    monkeypatch.setattr(stream, "CACHE", sizes[1])
    found = values(pf.score(rows(0), rows(1, 300, 0.5), metrics=f"{ONE_PASS},energy"))
    monkeypatch.undo()
    for module in (cases, scoring):
        monkeypatch.setattr(module, "TEST_ROWS", 50)
    expected = values(pf.score(rows(0), rows(1, 300, 0.5), metrics=f"{ONE_PASS},energy"))
    assert found["energy"] == expected["energy"]
    for name in ONE_PASS.split(","):
        assert found[name][0] == pytest.approx(expected[name][0], rel=1e-9)


def batches(fake):
    yield from np.split(fake, [1, 50, 51, 290])


@pytest.mark.parametrize("memory", [2**28, 100], ids=["in memory", "in a file"])
def test_every_form_of_samples_gives_the_same(tmp_path, monkeypatch, memory):
    monkeypatch.setattr(spool, "MEMORY", memory)
    monkeypatch.setattr(asked, "AT_ONCE", 60)
    real, fake = rows(0), rows(1)
    np.save(tmp_path / "real.npy", real)
    np.save(tmp_path / "fake.npy", fake)
    np.savez(tmp_path / "fake.npz", samples=fake)
    calls = []

    def sample(n, seed):
        calls.append((n, seed))
        return fake[60 * (seed - 7) : 60 * (seed - 7) + n]

    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.from_numpy(fake)), batch_size=64)
    forms = [fake, torch.from_numpy(fake), tmp_path / "fake.npy", tmp_path / "fake.npz", batches(fake), sample, loader,
             ({"images": part} for part in batches(fake))]  # fmt: skip
    found = [values(pf.score(real, form, metrics="fid,energy", seed=7)) for form in forms]
    assert all(f == found[0] for f in found)
    assert calls == [(60, 7), (60, 8), (60, 9), (60, 10), (60, 11), (60, 12), (40, 13)]
    from_file = values(pf.score(tmp_path / "real.npy", tmp_path / "fake.npy", metrics="fid,energy", seed=7))
    assert from_file == found[0]
    assert values(pf.score(batches(real), fake, metrics="fid,energy", seed=7)) == found[0]


def test_features_that_cost_are_computed_once_a_point(monkeypatch):
    monkeypatch.setattr(spool, "MEMORY", 100)
    seen = []

    def f(x):
        seen.append(len(x))
        return x[:, :3] ** 2

    found = pf.score(rows(0), rows(1), metrics="fid", features=f, floor=False)
    x, y = (pf.data.load(rows(0)).codec.encode(rows(i)).x[:, :3] ** 2 for i in (0, 1))
    assert found["fid"].value == pytest.approx(FrechetDistance()(x, y)[0].value, rel=1e-9)
    assert found["fid"].rows == (400, 400)
    assert sum(seen) == 2 * 400 + 2 * 50 + 3  # all once, the subsamples once more, and three points for the width


def test_probabilities_of_all_rows():
    class Sorter(Own):
        def classes(self, x, z):
            return z.softmax(1)

    f = Sorter(lambda x: x[:, :3])
    found = pf.score(rows(0), rows(1), metrics="inception-score,fid", features=f)
    p = pf.data.load(rows(0)).codec.encode(rows(1)).x[:, :3].softmax(1).double()
    assert found["inception-score"].value == pytest.approx(InceptionScore()(p, p)[0].value, rel=1e-6)  # float32
    assert found["inception-score"].rows == (400, 400)


def test_floors_of_all_rows_are_measured_where_they_are_asked_for():
    assert pf.score(rows(0), rows(1), metrics="fid")["fid"].floor is None
    found = pf.score(rows(0), rows(1), metrics="fid", floor=True)["fid"]
    assert (found.floor.n, found.floor.repeats) == (200, 5)
    assert 0 < found.floor.value < 1


def test_a_reference_file_holds_the_moments_of_all_rows(tmp_path):
    data = pf.data.load(rows(0))
    pf.score(data, rows(1), metrics="fid", save_reference=tmp_path / "r.npz")
    stored, x = Reference.load(tmp_path / "r.npz"), data.codec.encode(rows(0)).x.double()
    assert (stored.moments.n, len(stored.features)) == (400, 50)
    np.testing.assert_allclose(stored.moments.covariance.numpy(), np.cov(x.numpy().T), rtol=1e-10)


@pytest.mark.parametrize(
    ("fake", "sentence"),
    [
        (lambda: np.where(np.arange(400)[:, None] == 377, np.nan, rows(1)), "1 of 400 rows, the first in row 377"),
        (lambda: batches(np.where(np.arange(400)[:, None] == 377, np.nan, rows(1))), "the first in row 377"),
        (lambda: rows(1)[:, :4], "5 coordinates as the data have, got 4"),
        (lambda: rows(1)[:, 0], "5 coordinates as the data have, got 1"),
        (lambda: rows(1).astype(object), "must hold real numbers, got an array of object"),
        (lambda: iter([rows(1), rows(1)[:, :4]]), "of one shape and type"),
        (lambda: iter([rows(1).astype(object)]), "must hold numbers, got an array of object"),
        (lambda: iter([]), "at least one, got none"),
        (lambda: rows(1)[:0], "at least 4 samples, got 0"),
    ],
)
def test_bad_samples_are_refused_in_a_sentence(fake, sentence):
    with pytest.raises(Refused, match=sentence):
        pf.score(rows(0), fake(), metrics="fid")


def test_an_empty_file_is_refused(tmp_path):
    (tmp_path / "fake.npy").write_bytes(b"")
    with pytest.raises(Refused, match="it is empty"):
        pf.score(rows(0), tmp_path / "fake.npy", metrics="fid")
    np.save(tmp_path / "objects.npy", rows(0).astype(object), allow_pickle=True)
    with pytest.raises(Refused, match="never unpickled"):
        pf.score(rows(0), tmp_path / "objects.npy", metrics="fid")


def test_a_reference_file_costs_no_feature_twice(tmp_path):
    seen = []

    def f(x):
        seen.append(len(x))
        return x[:, :3] ** 2

    counts = []
    for more in ({}, {"save_reference": tmp_path / "r.npz"}):
        seen.clear()
        pf.score(rows(0), rows(1), metrics="fid", features=f, floor=False, **more)
        counts.append(sum(seen))
    assert counts[0] == counts[1]
    stored = Reference.load(tmp_path / "r.npz")
    np.testing.assert_allclose(stored.moments.mean.numpy(), (rows(0)[:, :3].astype(float) ** 2).mean(0), rtol=1e-6)
