"""Every epoch is a permutation, and two numbers say where in it one is."""

import pytest
import torch

from pushforward.errors import Refused
from pushforward.spaces import Batch
from pushforward.training import Batches, subseed


class Numbers:
    """Points that are their own number."""

    def __init__(self, n: int):
        self.n = n

    def __len__(self) -> int:
        return self.n

    def take(self, index):
        return Batch(index.float().unsqueeze(1), index)


def drawn(batches, count: int) -> list[list[int]]:
    return [batches().label.tolist() for _ in range(count)]


def test_each_epoch_is_a_permutation_and_epochs_differ():
    batches = Batches(Numbers(12), 4, seed=0)
    epochs = [sum(drawn(batches, 3), []) for _ in range(3)]
    assert all(sorted(e) == list(range(12)) for e in epochs)
    assert len({tuple(e) for e in epochs}) == 3


def test_a_last_piece_that_is_too_short_is_passed_over():
    batches = Batches(Numbers(11), 4, seed=0)
    for _ in range(5):
        epoch = sum(drawn(batches, 2), [])
        assert len(set(epoch)) == 8


def test_every_point_comes_equally_often_in_the_long_run():
    """Of 11 points 8 are seen in an epoch: Binomial(400, 8/11), whose standard deviation is below 9; five of them."""
    batches = Batches(Numbers(11), 4, seed=3)
    counts = torch.zeros(11)
    for piece in drawn(batches, 800):
        counts[piece] += 1
    assert (counts - 400 * 8 / 11).abs().max() < 45


def test_the_seed_decides_the_order():
    first, again, other = (drawn(Batches(Numbers(50), 5, seed), 12) for seed in (0, 0, 1))
    assert first == again != other


@pytest.mark.parametrize("after", [0, 1, 2, 3, 7])
def test_state_and_restore(after):
    batches = Batches(Numbers(11), 4, seed=5)
    drawn(batches, after)
    state = batches.state()
    other = Batches(Numbers(11), 4, seed=5)
    drawn(other, 1)
    other.restore(state)
    assert drawn(batches, 6) == drawn(other, 6)


@pytest.mark.parametrize("size", [0, 6])
def test_more_points_than_there_are_is_refused(size):
    with pytest.raises(Refused, match=f"from 1 to 5 points.*got {size}"):
        Batches(Numbers(5), size, seed=0)


def test_all_points_in_one_batch():
    assert sorted(drawn(Batches(Numbers(5), 5, 0), 2)[1]) == list(range(5))


@pytest.mark.parametrize("seed", [-1, 2**40, 10**30])
def test_any_whole_number_is_a_seed(seed):
    batches = Batches(Numbers(5), 5, seed)
    assert sorted(drawn(batches, 2)[1]) == list(range(5))
    torch.manual_seed(subseed(seed, "noise"))


def test_streams_of_one_seed_differ_and_so_do_those_of_neighbouring_seeds():
    found = {subseed(seed, purpose) for seed in range(100) for purpose in ("noise", "probe", "weights", "epoch 0")}
    assert len(found) == 400
