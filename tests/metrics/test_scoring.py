"""`scored`: what was not given is null, what it says in words, and that a seed is an answer."""

from types import SimpleNamespace

import pytest
import torch

from pushforward.errors import Refused
from pushforward.metrics import (
    KID,
    Material,
    Request,
    Side,
    Sorting,
    classifier_test,
    memorisation,
    requested,
    scored,
    two_sample_test,
)

USUAL = requested("mmd,energy,prdc")


def side(x):
    """Features of two classes by the sign of the first coordinate."""
    return Side(x.double(), torch.stack([(x[:, 0] > 0).double(), (x[:, 0] <= 0).double()], 1))


def judged(x, y, *, request=USUAL, seed=0, **given):
    return scored(Material(side(x), side(y), **given), request, features={"features": "identity"}, seed=seed)


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
    assert "a sign of copying; 100 % of them equal a training row" in words


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
    assert (floor.n, floor.repeats) == (30, 5)
    assert found.to_json()["scores"]["mmd"]["floor"] == vars(floor)
    assert found["mmd"].above == pytest.approx((found["mmd"].value - floor.value) / floor.spread)
    assert found["mmd"].above > 10
    assert f"MMD² {found['mmd'].above:.0f} above" in found.words
    assert f"coverage {-found['coverage'].above:.0f} below" in found.words


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
    """Their distances to training rows are smaller than those of unseen data, but not as copies' are."""
    train = draw(300)
    words = judged(draw(200), 0.6 * draw(200), train=side(train)).words
    assert "Samples lie nearer to training rows than unseen data do" in words
    assert "as those do that keep to where the data are dense; 0 % of them equal a training row" in words
