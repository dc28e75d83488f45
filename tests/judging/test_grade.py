"""The grade: its bounds by SciPy, judges computed another way, and what it makes of equal and separate laws."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch
from scipy.stats import mannwhitneyu, norm

from pushforward.judging import Evidence, judge, requested
from pushforward.judging.findings import Findings
from pushforward.judging.grade import BEST, WORDS, Grade, grade, lacking, word_of
from pushforward.judging.text_grade import grade_in_words
from pushforward.kernels import Linear
from pushforward.metrics import Score, two_sample_test
from pushforward.metrics.base import Floor
from pushforward.metrics.side import Side
from pushforward.metrics.significance.classifier import ClassifierTest
from pushforward.metrics.significance.constant_columns import constant_columns


def judged(x, y, **given):
    return judge(Evidence(Side(x), Side(y), **given), requested("mmd,prdc"), features={"features": "identity"})


@pytest.fixture
def draw(rng):
    return lambda n, d=2: torch.randn(n, d, generator=rng).double()


@pytest.fixture
def test_of(draw):
    """A two-sample test of any effect, that rejects or does not."""
    found = two_sample_test(draw(60), draw(60), permutations=19)
    found.__dict__["detectable"] = 0.4
    return lambda effect, rejects: replace(found, effect_size=effect, p_value=0.01 if rejects else 0.5)


def of(test, *scores, sizes=(100, 100), **tests):
    found = Findings(sizes, scores, test, **tests)
    if test is not None:
        test.__dict__["detectable"] = 0.4
    return grade(found, found.tests() if test is not None else {})


def share(name, value, floor=0.9, spread=0.01, **more):
    return Score(name, value, better="higher", floor=Floor(floor, spread, 50, 50, 5), **more)


def test_equal_laws_are_at_the_top(draw):
    found = judged(draw(200), draw(200))
    assert found.grade.word == BEST
    assert found.grade.separation == 0
    assert found.grade.place == pytest.approx(5.5 / 6)
    assert found.words.splitlines()[0].startswith("Not distinguishable: shown one real and one generated row, no judge")


def test_separate_laws_are_broken(draw):
    """Every pair is known, no datum lies among the samples and no sample among the data."""
    found = judged(draw(100), draw(100) + 100)
    assert (found.grade.word, found.grade.picked, found.grade.separation, found.grade.place) == ("broken", 1, 1, 0)
    assert (found.grade.missing, found.grade.invented) == (1, 1)
    assert found.words.startswith("Broken: shown one real and one generated row, a judge picks the real one every time")
    assert "nearly all of the variety of the data is missing" in found.words


def test_the_judge_picks_as_often_as_scipys_u_says(draw):
    """w of the linear kernel at x_i is ⟨x_i, mean of the other x − mean of y⟩; U counts the pairs it ranks rightly."""
    x, y = draw(80), draw(70) + torch.tensor([0.9, 0.0])
    test = two_sample_test(x, y, kernels=[Linear()], permutations=99)
    a, b = x.numpy(), y.numpy()
    wa = [a[i] @ (np.delete(a, i, 0).mean(0) - b.mean(0)) for i in range(len(a))]
    wb = [b[j] @ (a.mean(0) - np.delete(b, j, 0).mean(0)) for j in range(len(b))]
    assert test.rejected
    expected = mannwhitneyu(wa, wb).statistic / (len(a) * len(b))
    assert of(test).picked == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("d", "below", "above"),
    [
        (0.2, "hardly distinguishable", "close"),
        (0.5, "close", "recognisable"),
        (0.8, "recognisable", "clearly different"),
    ],
)
def test_bounds_are_those_of_normal_laws_at_cohens_distances(d, below, above, test_of):
    """X ~ N(d, 1) and Y ~ N(0, 1): P(X > Y) = P(N(0, 2) > −d), here by SciPy's survival function."""
    delta = 2 * norm.sf(-d, scale=2**0.5) - 1
    assert of(test_of(delta - 1e-9, True)).word == below
    assert of(test_of(delta + 1e-9, True)).word == above


def test_one_pair_is_enough_where_it_errs_once_in_twenty(test_of):
    assert of(test_of(2 * 0.95 - 1 - 1e-9, True)).word == "clearly different"
    assert of(test_of(2 * 0.95 - 1 + 1e-9, True)).word == "broken"


def test_more_separate_laws_are_never_graded_better(test_of):
    found = [of(test_of(float(delta), True)) for delta in np.linspace(0, 1, 101)]
    assert [g.word for g in found][0] == WORDS[-2]
    assert all(b.place < a.place for a, b in pairwise(found))
    assert all(WORDS.index(b.word) <= WORDS.index(a.word) for a, b in pairwise(found))
    recalls = [of(test_of(0.0, False), share("recall", float(r))) for r in np.linspace(0.9, 0, 91)]
    assert all(b.place <= a.place for a, b in pairwise(recalls))
    assert (recalls[0].word, recalls[-1].word) == (BEST, "broken")


def test_every_word_has_a_sixth_of_the_bar(test_of):
    for word, bound in zip(WORDS[:-1], (1.0, 0.95, *(norm.cdf(d / 2**0.5) for d in (0.8, 0.5, 0.2))), strict=True):
        worst = Grade(word, 0.0, None, None, None, 2 * bound - 1, False)
        assert worst.place == pytest.approx(WORDS.index(word) / 6)


def test_what_a_test_does_not_show_does_not_count(test_of):
    assert of(test_of(0.6, False)).word == BEST
    assert of(test_of(0.6, True)).word == "clearly different"


def test_variety_counts_beyond_three_spreads_of_its_floor(test_of):
    unshown = of(test_of(0.0, False), share("recall", 0.871))
    assert (unshown.word, unshown.missing) == (BEST, 0)
    shown = of(test_of(0.0, False), share("recall", 0.675))
    assert shown.missing == pytest.approx(0.25)
    assert shown.separation == pytest.approx(0.25)
    assert shown.word == "close"
    both = of(test_of(0.0, False), share("recall", 0.675), share("precision", 0.45))
    assert both.separation == pytest.approx(0.25 + 0.75 * 0.5)  # a pair is known by the datum, or else by the sample
    assert both.invented == pytest.approx(0.5)


def test_a_judge_who_knows_the_places_is_right_as_often_as_the_rule_says(rng):
    """Pairs from P = U[0, 1] and Q = U[¼, 1.5]: below ¼ or above 1 the pair is known, and a coin decides the others."""
    n = 200_000
    x, y = torch.rand(n, generator=rng), 0.25 + 1.25 * torch.rand(n, generator=rng)
    known = (x < 0.25) | (y > 1)
    right = float(torch.where(known, 1.0, 0.5).mean())
    separation = 1 - (1 - 0.25) * (1 - 0.4)
    assert right == pytest.approx((1 + separation) / 2, abs=5 * 0.25 / n**0.5)


@pytest.mark.parametrize("why", [{"informative": False}, {"floor": None}])
def test_a_share_of_which_nothing_is_known_is_null(why):
    assert lacking(replace(share("recall", 0.1), **why)) is None
    assert lacking(None) is None
    assert lacking(share("recall", 0.0, floor=0.0)) is None


def test_other_judges_count_where_they_reject(test_of, draw):
    classifier = ClassifierTest(0.9, 0.02, 0.001, 0.05, 199, 100, 100)
    assert of(test_of(0.3, True), learnt={"c2st": classifier}).picked == pytest.approx(0.9)
    unsure = replace(classifier, p_value=0.9)
    assert of(test_of(0.3, True), learnt={"c2st": unsure}).picked == pytest.approx(0.65)
    x, y = np.zeros((100, 1)), np.zeros((100, 1))
    y[:30] = 1
    assert of(test_of(0.0, False), constants=constant_columns(x, y, ["a"])).separation == pytest.approx(0.3)


def test_few_rows_can_only_condemn(draw, test_of):
    assert of(test_of(0.0, False), sizes=(49, 100)) is None
    assert of(test_of(0.7, True), sizes=(49, 100)).word == "clearly different"
    assert of(None) is None
    assert judged(draw(40), draw(40)).to_json()["grade"] is None
    assert "generated" not in judged(draw(40), draw(40)).words


def test_copies_are_said_beside_the_grade(draw):
    x, train = draw(200), draw(200)
    found = judged(x, train, train=Side(train))
    assert found.grade.copied
    assert "some may be copies" in found.sentences["grade"]


def test_the_sentence_of_a_case_that_the_rule_was_made_for():
    found = Grade("clearly different", 0.8, 0.55, 0.24, 0.0, 0.6, False)
    assert grade_in_words(found, "digit") == (
        "Clearly different: shown one real and one generated digit, a judge picks the real one 80 times in 100, where "
        "50 is a guess; about a quarter of the variety of the data is missing."
    )
    unseen = replace(found, word=BEST, missing=0.0, picked=0.51, separation=0.0)
    assert "one who is right 55 times in 100 would have been noticed" in grade_in_words(unseen, "digit")
    assert word_of(0.0) == "hardly distinguishable"
