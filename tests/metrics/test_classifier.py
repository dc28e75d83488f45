"""Classifier test: level, power, what they say of themselves; the floor of a score."""

import numpy as np
import pytest
import torch
from scipy.stats import binom, norm

from pushforward.errors import Refused
from pushforward.metrics import C2ST, EnergyDistance, FrechetDistance, classifier_test, floor


def draw(rng, n, d=2, shift=0.0):
    return torch.randn(n, d, generator=rng, dtype=torch.float64) + shift


def test_accuracy_of_a_shift_is_the_best_possible(rng):
    # The best rule between N(0, 1) and N(s, 1) is right with probability Φ(s/2).
    found = classifier_test(draw(rng, 2000, 1), draw(rng, 1500, 1, 1.5))
    assert abs(found.accuracy - norm.cdf(0.75)) < 4 * found.stderr + 0.01


def test_sees_what_no_linear_rule_sees(rng):
    x = draw(rng, 400)
    ring = torch.nn.functional.normalize(draw(rng, 400), dim=1) * 1.5
    assert classifier_test(x, ring).rejected
    assert classifier_test(x, ring).accuracy > 0.7


def test_separate_laws_and_equal_points(rng):
    x = draw(rng, 40)
    apart = classifier_test(x, x + 50)
    assert (apart.accuracy, apart.stderr > 0) == (1.0, True)
    assert classifier_test(torch.zeros(20, 2), torch.zeros(20, 2)).p_value > 0.05


def test_level_of_the_classifier(rng):
    count = sum(classifier_test(draw(rng, 30), draw(rng, 40)).rejected for _ in range(60))
    assert count <= binom.ppf(0.999, 60, 0.06)


def test_classifier_as_a_score(rng):
    (score,) = C2ST()(draw(rng, 60), draw(rng, 60, shift=3.0))
    assert score.interval[0] < score.value < score.interval[1]
    assert score.better == "lower"


def test_options_out_of_range(rng):
    with pytest.raises(Refused, match="folds"):
        classifier_test(draw(rng, 9), draw(rng, 9), folds=1)


def test_floor_is_what_halves_score(rng):
    x = draw(rng, 100)
    (found,) = floor(FrechetDistance(), x, repeats=20).values()
    assert (found.n, found.repeats) == (50, 20)
    fresh = [FrechetDistance()(draw(rng, 50), draw(rng, 50))[0].value for _ in range(60)]
    # The halvings share their rows, so the floor varies as one draw does.
    assert abs(found.value - np.mean(fresh)) < 4 * np.std(fresh)
    assert floor(EnergyDistance(), x, seed=1) == floor(EnergyDistance(), x, seed=1)
