"""Long work is announced, with what it takes; short work is not."""

import numpy as np
import torch

import pushforward as pf
from pushforward.data.points import Held
from pushforward.features import Identity, Own
from pushforward.metrics import KID, PRDC, FrechetDistance
from pushforward.verbs.foretelling import Work, announce, foretold

MILLION = [Held(torch.zeros(1).expand(10**6)[:, None])] * 2
WORKS = [
    Work(FrechetDistance(), 10**6, 10**6, 64, True),
    Work(KID(), 10**6, 10**6, 64, True),
    Work(PRDC(), 10_000, 10_000, 64),
]


def test_the_line_says_rows_passes_memory_and_time():
    line = foretold(WORKS, Identity(), MILLION, 1e10, 0.0)
    # 2·2·10⁶·80² + 3·2·10⁶·80·81/2·80 + 3·10⁸·80 products and little more, 10¹⁰ a second.
    assert line == (
        "fid, kid on 1,000,000 x 1,000,000 rows of 64 in 5 passes; prdc on 10,000 x 10,000 rows of 64: about 0.7 GB "
        "and 3 min; --rows limits it."
    )
    assert foretold(WORKS, Identity(), MILLION, 1e14, 0.0) is None


def test_features_count_by_the_point():
    line = foretold([], Own(lambda x: x), MILLION, 1e12, 0.01)
    assert line == "features of 2,000,000 points: about 0.6 GB and 5.6 hours; --rows limits it."


def test_announced_on_standard_error_only_where_long(capsys):
    announce([Work(PRDC(), 1000, 1000, 64)], Identity(), MILLION)
    assert capsys.readouterr() == ("", "")
    slow = [Work(PRDC(), 10**7, 10**7, 64)]
    announce(slow, Identity(), MILLION)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("prdc on 10,000,000 x 10,000,000 rows of 64: about 16.0 GB and ")
    assert err.endswith("hours; --rows limits it.\n")


def test_short_scores_are_silent(capsys):
    rows = np.random.default_rng(0).normal(size=(2, 60, 3))
    pf.score(rows[0], rows[1], metrics="fid,kid,energy")
    assert capsys.readouterr().err == ""
