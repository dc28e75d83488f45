"""`judge`: what was not given is null, what it says in words, and that a seed is an answer."""

import re
from dataclasses import dataclass, replace
from math import log
from types import SimpleNamespace
from typing import ClassVar

import pytest
import torch

from pushforward.errors import Refused
from pushforward.judging import Evidence, Request, Sorting, comparable, judge, requested
from pushforward.judging.findings import Findings
from pushforward.judging.judgement import table
from pushforward.judging.text import sentences
from pushforward.metrics import KID, Metric, Score, classifier_test, memorisation, two_sample_test
from pushforward.metrics.side import Side

USUAL = requested("mmd,energy,prdc")


def side(x):
    """Features of two classes by the sign of the first coordinate."""
    return Side(x.double(), torch.stack([(x[:, 0] > 0).double(), (x[:, 0] <= 0).double()], 1))


def judged(x, y, *, request=USUAL, seed=0, **given):
    return judge(Evidence(side(x), side(y), **given), request, features={"features": "identity"}, seed=seed)


@pytest.fixture
def draw(rng):
    return lambda n: torch.randn(n, 2, generator=rng)


def test_all_that_is_known_is_measured(draw):
    x, y = draw(60), draw(60)
    modes = SimpleNamespace(centers=torch.zeros(1, 2), std=1.0)
    sorting = Sorting(side(x), side(y), ("right", "left"), {"features": "signs"}, (x[:, 0] <= 0).long())
    request = Request(USUAL.metrics, (*USUAL.names, "kid"), (KID(),))
    found = judged(x, y, request=request, train=side(draw(100)), modes=(modes, y), sorting=sorting)
    assert [score.name for score in found.scores] == [
        "mmd", "energy", "precision", "recall", "density", "coverage", "kid", "class-kl", "memorisation", "modes"
    ]  # fmt: skip
    assert set(found.tests) == {"two-sample", "memorisation"}
    assert found.protocol["metrics"]["kid"] == {"degree": 3, "features": {"features": "signs"}, "n_real": 60}
    assert "right on 100 % of the data" in found.words
    assert found.classes.names == ("right", "left")
    assert found["precision"].better == "higher"
    for score in found.scores:
        assert (score.stderr is None) == (score.interval is None) == (score.spread is not None)
        assert score.uncertainty is not None


def test_what_was_not_given_is_null(draw):
    entry = judged(draw(30), draw(30)).to_json()
    assert entry["splits"] is None
    assert set(entry["tests"]) == {"two-sample"}
    assert "kid" not in entry["scores"]


def test_says_what_it_could_have_seen_when_it_sees_nothing(draw):
    found = judged(draw(50), draw(50))
    assert not found.tests["two-sample"]["rejected"]
    assert "does not tell them apart" in found.words
    assert "four times in five" in found.words


def test_says_how_far_apart_they_are(draw):
    found = judged(draw(50), draw(50) + 3)
    assert "tells them apart (p = 0.001, the least that 999 relabellings can give)" in found.words


def test_says_when_training_rows_are_copied(draw):
    train = draw(200)
    words = judged(draw(50), train[:50], train=side(train)).words
    assert "a sign of copying: of the 50 that lie closest to either, 100 % are nearest to a training row" in words
    assert "where 80 % is chance; 100 % of 50 samples equal a training row." in words  # 200 of 200 + 50 rows


def test_a_seed_is_an_answer(draw):
    x, y = draw(40), draw(60)
    assert judged(x, y, seed=2).to_json() == judged(x, y, seed=2).to_json()


@pytest.mark.parametrize(("n", "value"), [(1, 0.0), (30, float("nan"))])
def test_refuses(draw, n, value):
    with pytest.raises(Refused, match="two_sample_test"):
        judged(draw(30), draw(n) + value)


def test_floors_have_a_spread_and_are_put_into_words(draw):
    found = judged(draw(60), draw(60) + 2)
    floor = found["mmd"].floor
    assert (floor.n, floor.m, floor.repeats) == (30, 30, 5)
    entry = found.to_json()
    assert entry["scores"]["mmd"]["floor"] == floor.value
    assert entry["protocol"]["floor"]["parts"]["mmd"] == [30, 30]
    assert entry["protocol"]["floor"]["spread"]["mmd"] == floor.spread
    assert f"{floor.value:.4g} ± {floor.spread:.2g}" in table(entry)
    assert "; splits 5;" in entry["protocol"]["line"]

    assert found["mmd"].z_above_floor == pytest.approx((found["mmd"].value - floor.value) / floor.spread)
    assert found["mmd"].z_above_floor > 10
    assert f"MMD² {found['mmd'].z_above_floor:.0f} above" in found.words
    assert f"coverage {-found['coverage'].z_above_floor:.0f} below" in found.words


def test_negative_values_stay_and_are_said_to_be_chance(draw):
    x = draw(80)
    found = judged(x, x + 0.01 * draw(80))
    assert found["mmd"].value < 0
    assert "MMD² -" in found.words
    assert "consistent with zero at a standard error of" in found.words


def test_p_values_are_corrected_for_their_number(draw):
    x, y, train = draw(60), draw(60), draw(100)
    found = judged(x, y, request=requested("mmd,c2st"), train=side(train))
    alone = [
        two_sample_test(x, y).p_value,
        classifier_test(x, y).p_value,
        memorisation(train, x, y).p_value,
    ]
    assert list(found.tests) == ["two-sample", "c2st", "memorisation"]
    # Holm's rule for three, by hand.
    a, b, c = sorted(alone)
    by_hand = dict(
        zip((a, b, c), (min(1, 3 * a), min(1, max(3 * a, 2 * b)), min(1, max(3 * a, 2 * b, c))), strict=True)
    )
    assert [t["p_value"] for t in found.tests.values()] == [by_hand[p] for p in alone]
    assert all(t["rejected"] == (t["p_value"] <= 0.05) for t in found.tests.values())
    assert "corrected for 3 tests" in found.words


def test_data_that_were_trained_on_are_warned_of(draw):
    train = draw(50)
    assert any("equal training rows" in w for w in judged(train, draw(50), train=side(train)).warnings)


def test_samples_that_keep_to_the_middle_are_no_copies(draw):
    """They are nearer to training rows than other data are, but not nearer than to unseen rows."""
    train = draw(300)
    found = judged(draw(200), 0.3 * draw(200), train=side(train))
    assert not found.tests["memorisation"]["rejected"]
    assert "Samples do not lie nearer to training rows than to unseen rows" in found.words
    assert "0 % of 200 samples equal a training row." in found.words


def test_copies_of_one_row_are_said_even_where_no_test_can_find_them(draw):
    train = draw(100)
    found = judged(draw(50), train[:1].repeat(50, 1), train=side(train))
    assert (
        "100 % of 50 samples equal a training row; copies of so few rows cannot be told from chance here."
        in found.words
    )


def test_more_samples_than_are_scored_can_be_searched_for_copies(draw):
    """Of ten copies of 200 rows beside 50 unseen ones, 0.8¹⁰ = 0.11 is the least p-value; of a hundred, p = 0.001."""
    train = draw(200)
    unseen = draw(50)
    few = judged(unseen, train[:10], train=side(train))
    many = judged(unseen, train[:10], train=side(train), more=train[10:110].double())
    assert not few.tests["memorisation"]["rejected"]
    assert many.tests["memorisation"]["rejected"]
    assert "100 % of 110 samples equal a training row." in many.words
    assert many["mmd"].value == few["mmd"].value


def test_where_it_over_produces_samples_are_said_to_be_denser(rng):
    """Two places, data half and half, samples 9 to 1: data are 0.5/0.1 times as dense at one, samples 0.9/0.5."""
    at = lambda share, n: torch.randn(n, 2, generator=rng) + 20.0 * (torch.arange(n) < share * n)[:, None]
    words = judged(at(0.5, 400), at(0.1, 400)).words
    missed = re.search(r"misses most, around \d+ rows of data, data are (\S+) times as dense as samples", words)
    over = re.search(r"over-produces most, around \d+ samples, samples are (\S+) times as dense as data", words)
    # Of 30 neighbours 25 and 10.7 are data: the logarithm of a ratio of counts a : b deviates by √(1/a + 1/b).
    assert abs(log(float(missed[1]) / 5)) < 3 * (1 / 25 + 1 / 5) ** 0.5
    assert float(over[1]) > 1
    assert abs(log(float(over[1]) / 1.8)) < 3 * (1 / 19.3 + 1 / 10.7) ** 0.5


def test_a_test_that_sees_what_an_interval_leaves_open_says_how(draw):
    """MMD² within two errors of zero, which are of unequal laws and one kernel, and a test that rejects."""
    x, y = draw(100), draw(100)
    score = Score("mmd", 0.004, 0.0025, (-0.001, 0.009))
    test = two_sample_test(x, y)
    outcome = lambda p: {"two-sample": {"p_value": p}}
    words = [sentences(Findings((100, 100), [score], test), outcome(p))["distances"] for p in (0.001, 0.4)]
    assert all("consistent with zero" in w for w in words)
    assert "the test can see what such an interval leaves open, since it looks through several kernels" in words[0]
    assert "leaves open" not in words[1]
    clear = replace(score, interval=(0.001, 0.009))
    assert "leaves open" not in sentences(Findings((100, 100), [clear], test), outcome(0.001))["distances"]


@dataclass(frozen=True)
class Rough(Metric):
    """A mean that says in which arithmetic it was taken."""

    name: ClassVar[str] = "rough"
    better: ClassVar = "lower"
    cost: ClassVar[str] = "n"
    how: ClassVar[str] = "bfloat16"

    @property
    def least_samples(self):
        return 1

    def measure(self, x, y):
        return (Score(self.name, float(y.mean()), 1.0, (-1.0, 1.0), arithmetic=self.how),)


def test_the_arithmetic_is_said_and_makes_no_other_protocol(draw, monkeypatch):
    x, y = draw(30), draw(30)
    low = judged(x, y, request=requested([Rough(), "energy"])).protocol
    monkeypatch.setattr(Rough, "how", "float64")
    high = judged(x, y, request=requested([Rough(), "energy"])).protocol
    assert (low["arithmetic"], high["arithmetic"]) == ("float64, rough in bfloat16", "float64")
    comparable(low, high)
    with pytest.raises(Refused, match=r"features\.arithmetic is 'float32'"):
        comparable(low | {"features": {"arithmetic": "float32"}}, high | {"features": {"arithmetic": "bfloat16"}})
