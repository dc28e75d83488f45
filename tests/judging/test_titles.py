"""Titles: every score that can be measured has one, on its metric."""

import pytest

from pushforward.judging.request import KNOWN, SPECIAL
from pushforward.judging.titles import TITLES
from pushforward.metrics import Jackknife


@pytest.mark.parametrize("name", [*KNOWN, *SPECIAL, "class-kl"])
def test_every_score_has_a_name_and_a_meaning(name):
    assert TITLES[name].label
    assert len(TITLES[name].meaning.split()) >= 4


@pytest.mark.parametrize("metric", list(dict.fromkeys(KNOWN.values())), ids=lambda metric: metric.name)
def test_a_metric_titles_exactly_its_scores(metric):
    assert set(metric.titles) == set(metric.scores) == set(Jackknife()(metric).titles)
