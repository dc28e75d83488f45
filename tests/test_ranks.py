"""On one process everything is the identity; several are tested in training/test_processes.py."""

import pytest
import torch

from pushforward import ranks
from pushforward.errors import Refused


def test_one_process_is_the_first_of_one():
    assert (ranks.size(), ranks.rank()) == (1, 0)


def test_gathering_and_sharing_give_what_they_got():
    x = torch.randn(7, 2, requires_grad=True)
    assert ranks.gather(x) is x
    assert ranks.share(x) is x


def test_averaging_changes_nothing():
    x = torch.randn(3)
    kept = x.clone()
    ranks.average_([x])
    assert torch.equal(x, kept)


def test_agreeing_with_oneself():
    assert ranks.agree(True, 2.5, 0) == (True, 2.5, 0)


def test_the_first_process_acts_and_refuses_for_itself():
    assert ranks.first(lambda: 3) == 3

    def refuse():
        raise Refused("no.")

    with pytest.raises(Refused, match="no."):
        ranks.first(refuse)
