"""Class histograms: closed form, expectation by simulation, absent classes, probabilities that are none."""

from math import log

import numpy as np
import pytest
import torch
from scipy.stats import binom

from pushforward.errors import Refused
from pushforward.judging import text_findings as sentences
from pushforward.metrics import class_histogram


def hot(counts):
    return torch.eye(len(counts)).repeat_interleave(torch.tensor(counts), 0)


def test_equal_histograms():
    found = class_histogram(hot([5, 7, 9]), hot([5, 7, 9]))
    assert (found.kl, found.present, found.total) == (0.0, 3, 3)
    assert found.confidence == found.confidence_data == 1.0


def test_divergence_written_out():
    # Half a count is added to each class: shares 20.5/41 and 20.5/41 against 30.5/41 and 10.5/41.
    expected = 0.5 * log(20.5 / 30.5) + 0.5 * log(20.5 / 10.5)
    assert class_histogram(hot([30, 10]), hot([20, 20])).kl == pytest.approx(expected, rel=1e-12)


def test_absent_and_rare_classes_are_not_present():
    # Of its quarter of the data a class needs a quarter: 1/16 of 160 samples is 10.
    found = class_histogram(hot([40, 40, 40, 40]), hot([141, 10, 9, 0]))
    assert (found.present, found.total) == (2, 4)
    assert np.isfinite(found.kl)


def test_expected_divergence_of_equal_laws(rng):
    draw = lambda n: torch.eye(5)[torch.randint(5, (n,), generator=rng)]
    found = [class_histogram(draw(300), draw(200)) for _ in range(400)]
    stderr = np.std([f.kl for f in found], ddof=1) / 20
    assert abs(np.mean([f.kl for f in found]) - found[0].expected) < 4 * stderr + 0.05 * found[0].expected


def test_classifier_sorts_both_sides():
    classify = lambda z: torch.stack([(z[:, 0] > 0).double(), (z[:, 0] <= 0).double()], 1)
    found = class_histogram(
        torch.tensor([[1.0], [-1.0]]), torch.tensor([[1.0], [2.0]]), classify=classify, labels=torch.tensor([0, 0])
    )
    assert (found.data, found.samples, found.accuracy) == ((1, 1), (2, 0), 0.5)


def test_refuses_logits():
    with pytest.raises(Refused, match="softmax"):
        class_histogram(torch.randn(5, 3), torch.randn(5, 3))


def test_a_class_that_is_left_out_is_named():
    found = class_histogram(hot([50, 50, 50]), hot([75, 0, 75]), names=("cat", "dog", "owl"))
    assert (found.missed, set(found.over)) == (("dog",), {"cat", "owl"})
    assert found.share("dog") == (1 / 3, 0.0)


def test_classes_are_seldom_named_where_the_laws_are_equal(rng):
    draw = lambda n: torch.eye(5)[torch.randint(5, (n,), generator=rng)]
    named = [bool(f.missed + f.over) for f in (class_histogram(draw(200), draw(150)) for _ in range(300))]
    assert sum(named) <= binom.ppf(0.999, 300, 0.05)


@pytest.mark.parametrize("shares", [(0.25, 0.25, 0.25, 0.25), (0.1, 0.4, 0.3, 0.2)], ids=["equal laws", "others"])
def test_spread_is_the_deviation_of_the_divergence(rng, shares):
    draw = lambda q, n: torch.eye(4)[torch.multinomial(torch.tensor(q), n, replacement=True, generator=rng)]
    found = [class_histogram(draw((0.25,) * 4, 500), draw(shares, 400)) for _ in range(400)]
    # Relative error of a deviation: 1/√800 of a normal law; √((7 − 1)/4/400) of χ² of 3 degrees, whose kurtosis is 7.
    # For equal laws the sum is 2h times χ²₃/3, of which E max(sum − h, h) = 1.618h; the root of that is 1.27.
    off, error = (0.27, 0.061) if shares[0] == 0.25 else (0.0, 0.036)
    deviation, spread = np.std([f.kl for f in found], ddof=1), np.mean([f.spread**2 for f in found]) ** 0.5
    assert spread == pytest.approx((1 + off) * deviation, rel=4 * error)


def test_errors_of_shares_are_binomial(rng):
    draw = lambda n: torch.eye(3)[torch.multinomial(torch.tensor([0.1, 0.3, 0.6]), n, replacement=True, generator=rng)]
    found = [class_histogram(draw(200), draw(800)) for _ in range(400)]
    for side, n in ((0, 200), (1, 800)):
        shares = np.array([f.share("1")[side] for f in found])
        errors = [f.errors("1")[side] for f in found]
        assert np.mean(errors) == pytest.approx((0.3 * 0.7 / n) ** 0.5, rel=0.02)
        # The relative error of a deviation of 400 values is 1/√800.
        assert shares.std(ddof=1) == pytest.approx(np.mean(errors), rel=4 / 800**0.5)


def test_shares_are_said_with_their_errors():
    found = class_histogram(hot([33, 37, 200]), hot([180, 200, 2320]), names=("six", "seven", "other"))
    words = sentences.classes(found)
    # 180 of 2,700 and 33 of 270: 6.7 ± 0.5 % and 12.2 ± 2.0 %.
    assert "six (6.7 ± 0.5 % of the samples, 12.2 ± 2.0 % of the data)" in words
    assert "among 2,700 samples" in words
    few = class_histogram(hot([33, 237]), hot([18, 252]))  # the same shares, 270 of both
    assert "No class is shown to be rarer or more frequent; shares are known to ±2.0 % or better." in sentences.classes(
        few
    )


def test_ten_times_as_many_samples_show_what_as_many_leave_open():
    """12.2 % against 6.7 %: 2.1 errors of 270 a side, 2.8 where the samples' error is a third."""
    few, many = (class_histogram(hot([33, 237]), hot([18 * k, 252 * k]), names=("six", "other")) for k in (1, 10))
    assert few.missed == ()
    assert many.missed == ("six",)
