"""`pf.score`: what it takes, what it gives, what it refuses."""

import json

import numpy as np
import pandas as pd
import pytest
import torch

import pushforward as pf
from pushforward.errors import Refused
from pushforward.judging import comparable
from pushforward.metrics import PRDC, EnergyDistance, FrechetDistance, Jackknife, Jackknifed
from pushforward.spaces import Batch

KEYS = [
    "version", "real", "fake", "n_real", "n_fake", "grade", "state", "features", "protocol", "scores", "preset",
    "tests", "table", "splits", "skipped_files", "warnings", "verdict", "sentences",
]  # fmt: skip


def rows(seed, n=80, shift=0.0):
    return (np.random.default_rng(seed).normal(size=(n, 3)) + shift).astype("float32")


def test_the_json_contract():
    found = pf.score(rows(0), rows(1), metrics="kid,fid,prdc,energy", train=rows(2), test=rows(3)).to_json()
    assert list(found) == KEYS
    assert list(found["scores"]) == ["kid", "fid", "precision", "recall", "density", "coverage", "energy",
                                     "memorisation"]  # fmt: skip
    entry = {
        "value",
        "stderr",
        "interval",
        "spread",
        "floor",
        "worst",
        "better",
        "uncertainty",
        "informative",
        "reason",
    }
    assert all(set(score) == entry for score in found["scores"].values())
    outcome = {"statistic", "effect_size", "p_value", "level", "rejected"}
    assert all(set(test) == outcome for test in found["tests"].values())
    assert set(found["splits"]) == {"generated-train", "generated-test", "train-test"}
    assert json.loads(json.dumps(found, allow_nan=False))["version"] == 4


def test_values_are_those_of_the_metrics_on_standardised_rows():
    data, fake = pf.data.load(rows(0)), rows(1, shift=0.5)
    x = torch.cat([p.all().x for p in (data.test, data.validation, data.train)])
    y = data.codec.encode(fake).x
    found = pf.score(data, fake, metrics=[EnergyDistance(), "fid"])
    assert found["energy"].value == pytest.approx(EnergyDistance()(x, y)[0].value, rel=1e-12)
    assert found["fid"].value == pytest.approx(FrechetDistance()(x, y)[0].value, rel=1e-12)
    assert found["fid"].spread > 0
    assert found["energy"].floor is not None
    assert found.frame().loc["fid", "better"] == "lower"


def test_every_form_of_samples_gives_the_same(tmp_path):
    real, fake = rows(0), rows(1)
    np.save(tmp_path / "fake.npy", fake)
    forms = [fake, torch.from_numpy(fake), tmp_path / "fake.npy", iter([fake[:50], fake[50:]]), lambda n, seed: fake]
    values = {pf.score(real, form, metrics="energy", floor=False)["energy"].value for form in forms}
    assert len(values) == 1


def test_features_may_be_any_callable():
    first = lambda x: x[:, :1]
    found = pf.score(rows(0), rows(1), metrics="energy", features=first)
    assert "lambda" in found.features["features"]
    assert found["energy"].value != pf.score(rows(0), rows(1), metrics="energy")["energy"].value
    with pytest.raises(Refused, match="one row a point"):
        pf.score(rows(0), rows(1), features=lambda x: x.sum())


def test_names_and_aliases():
    found = pf.score(rows(0), rows(1), metrics="prc, frechet_inception_distance, swd", floor=False)
    assert [s.name for s in found.scores] == ["precision", "recall", "fid", "sliced-wasserstein"]
    with pytest.raises(Refused, match="no metric 'kidd'; did you mean 'kid'"):
        pf.score(rows(0), rows(1), metrics="kidd")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"metrics": "memorisation"}, "--train"),
        ({"metrics": "modes"}, "modes are known"),
        ({"metrics": "bits-per-dimension"}, "--log-prob"),
        ({"log_prob": np.zeros(79)}, "one number for each of the 80 rows of data, got 79"),
        ({"log_prob": np.zeros((80, 3))}, r"shape \(80, 3\)"),
        ({"log_prob": np.array([0.0, np.nan] * 40)}, "nan in 40 of 80 rows, first in row 1"),
        ({"log_prob": np.array(["a"] * 80)}, "must hold numbers"),
        ({"log_prob": lambda x: x.sum(1)[1:]}, "one number for each of the 80 rows of data, got 79"),
        ({"log_prob": "nowhere.npy"}, "no such file"),
        ({"log_prob": "logp.txt"}, ".npy or a .csv"),
        ({"uncertainty": "bootstrap"}, "--uncertainty must be jackknife"),
        ({"uncertainty": "jackknife-"}, "--uncertainty must be jackknife"),
        ({"uncertainty": "jackknife-1"}, "blocks of Jackknifed must be at least 2"),
        ({"metrics": "inception-score"}, "classifier"),
        ({"features": "pixels"}, "need pictures"),
        ({"features": "lenet"}, "labels"),
        ({"features": "lenett"}, "did you mean 'lenet'"),
        ({"rows": 3}, "at least 4"),
    ],
)
def test_what_is_not_there_is_said(options, sentence):
    with pytest.raises(Refused, match=sentence):
        pf.score(rows(0), rows(1), **options)


def test_copies_and_unequal_sizes_are_warned_of():
    real = rows(0)
    found = pf.score(real, np.concatenate([real[:20], rows(1, 100)]), metrics="fid", floor=False)
    assert any("16.7 % of the samples are exact copies" in w for w in found.warnings)
    assert any("sizes differ (80 and 120)" in w for w in found.warnings)


def test_a_copy_of_the_training_data_is_caught():
    train = rows(5, 200)
    found = pf.score(rows(0), train[:100], train=train, metrics="memorisation", floor=False)
    assert found.tests["memorisation"]["rejected"]
    assert found["memorisation"].value > 0.95


def test_a_cap_is_said_and_changes_the_protocol():
    whole, part = (pf.score(rows(0), rows(1), metrics="energy", floor=False, rows=r) for r in (10_000, 40))
    assert any("at most 40 rows" in w for w in part.warnings)
    assert part.n_fake == 40
    with pytest.raises(Refused, match="not comparable: n_real is 80 in the first and 40 in the second"):
        comparable(whole.protocol, part.protocol)
    comparable(whole.protocol, whole.protocol)


def test_modes_of_a_toy():
    draw = pf.data.load("ring")
    found = pf.score("ring", draw.codec.decode(draw.train.all(500)), metrics="modes,mmd", rows=500)
    assert found["modes"].value == len(draw.modes.centers)


def test_tables_and_pictures(tmp_path):
    table = pd.DataFrame({"a": rows(0)[:, 0], "b": np.arange(80) % 7})
    assert pf.score(table, table.sample(frac=1, random_state=0), metrics="energy").n_fake == 80
    digits = pf.data.load("digits")
    pictures = digits.codec.decode(digits.train.all(300))
    found = pf.score(digits, pictures, metrics="kid", features="pixels", rows=300)
    assert found.features == {"features": "pixels", "range": [0.0, 1.0]}


def test_a_page_for_any_samples_names_the_digit_that_is_left_out(monkeypatch, tmp_path):
    monkeypatch.setenv("PUSHFORWARD_CACHE", str(tmp_path / "cache"))
    digits = pf.data.load("digits")
    held = digits.test.all()
    kept = digits.codec.decode(Batch(held.x[held.label != 3]))
    found = pf.score(digits, kept, metrics="recall", train=kept, floor=False, report=tmp_path / "page.html")
    assert found.classes.missed == ("3",)
    assert "Classes missed: 3 (0.0 ± " in found.words
    page = (tmp_path / "page.html").read_text()
    for anchor in ("samples", "scores", "misses", "classes", "copies", "verdict"):
        assert f'id="{anchor}"' in page
    # The most missed data are of that class, though only a tenth of all are.
    labels = torch.cat([p.all().label for p in (digits.test, digits.validation, digits.train)])
    assert (labels[list(found.where.missed.rows)] == 3).double().mean() > 0.8


def test_bits_per_dimension_of_any_form_of_log_densities(tmp_path):
    real, normal = rows(0), torch.distributions.Normal(0.0, 1.0)
    nats = normal.log_prob(torch.as_tensor(real)).sum(1)
    np.save(tmp_path / "p.npy", nats.numpy())
    pd.DataFrame({"log_prob": nats.numpy()}).to_csv(tmp_path / "p.csv", index=False)
    pd.DataFrame(nats.numpy()).to_csv(tmp_path / "bare.csv", index=False, header=False)
    forms = [nats, nats.numpy()[:, None], tmp_path / "p.npy", str(tmp_path / "p.csv"), tmp_path / "bare.csv"]
    by_hand = -float(nats.double().mean()) / (3 * np.log(2))
    for form in forms:
        found = pf.score(real, rows(1), metrics=["bits-per-dimension"], log_prob=form)
        assert [s.name for s in found.scores] == ["bits-per-dimension"]
        assert found["bits-per-dimension"].value == pytest.approx(by_hand, rel=1e-6)
        assert found["bits-per-dimension"].interval is not None
    # The callable gets the rows as they came, not standardised; in which order is no matter.
    asked = lambda x: normal.log_prob(torch.as_tensor(x)).sum(1)
    found = pf.score(real * 2, rows(1), metrics="bpd", log_prob=asked)
    again = -normal.log_prob(torch.as_tensor(real) * 2).sum(1).double().mean() / (3 * np.log(2))
    assert found["bits-per-dimension"].value == pytest.approx(float(again), rel=1e-5)
    assert found.protocol["metrics"]["bits-per-dimension"]["density"].endswith("of 80 rows of data")


def test_bits_of_pictures_are_of_grey_values(tmp_path):
    """The uniform density over 256 levels of d pixels is 256^-d, which is 8 bits a pixel."""
    digits = pf.data.load("digits")
    pictures = digits.codec.decode(digits.train.all(50))
    assert pictures.dtype == np.uint8
    uniform = lambda x: np.full(len(x), -x[0].size * np.log(256.0))
    found = pf.score(pictures, pictures[:40], metrics="bits-per-dimension", log_prob=uniform, classes=False)
    assert found["bits-per-dimension"].value == pytest.approx(8.0, rel=1e-12)
    assert "256 levels" in found["bits-per-dimension"].note


def test_a_jackknife_in_place_of_every_error():
    names = "energy,fid,precision,c2st"
    found = pf.score(rows(0), rows(1), metrics=names, uncertainty=Jackknife(5))
    plain = pf.score(rows(0), rows(1), metrics=names)
    assert [s.name for s in found.scores] == names.split(",")
    for score in found.scores:
        other = plain[score.name]
        # the value alone takes other products than the value with its spread, which leaves rounding
        assert score.value == pytest.approx(other.value, rel=1e-12)
        assert score.floor == other.floor
        assert score.uncertainty == "jackknife" != other.uncertainty
        assert (score.stderr is None, score.spread is None) == (other.stderr is None, other.spread is None)
    data = pf.data.load(rows(0))
    x = torch.cat([p.all().x for p in (data.test, data.validation, data.train)])
    y = data.codec.encode(rows(1)).x
    assert found["energy"].stderr == pytest.approx(Jackknifed(EnergyDistance(), 5)(x, y)[0].stderr, rel=1e-10)
    assert found.tests["c2st"] == plain.tests["c2st"]
    assert found.protocol["metrics"]["fid"] == {"jackknife blocks": 5, "jackknife seed": 0}
    named = pf.score(rows(0), rows(1), metrics=names, uncertainty="jackknife-5")
    assert named.to_json() == found.to_json()
    with pytest.raises(Refused, match="not comparable"):
        comparable(found.protocol, plain.protocol)


def test_a_jackknifed_value_gives_all_of_its_scores():
    found = pf.score(rows(0), rows(1), metrics=[Jackknifed(PRDC(), 4)], floor=False)
    assert [s.name for s in found.scores] == ["precision", "recall", "density", "coverage"]
