"""The averaged sampler against its closed form."""

import pytest
import torch
from torch import nn

from pushforward.training import Average


def ramp(decay: float, turn: int) -> float:
    return min(decay, (1 + turn) / (10 + turn))


@pytest.mark.parametrize("decay", [0.5, 0.999])
def test_the_average_is_the_weighted_sum_of_all_states(decay):
    """ḡ_T = Π d_t·g_0 + Σ_t (1 − d_t)·Π_{s>t} d_s·g_t, the product form of the recursion."""
    source = nn.Linear(2, 2).double()
    average = Average(source, decay)
    states = [source.weight.detach().clone()]
    for turn in range(30):
        with torch.no_grad():
            source.weight.copy_(torch.randn(2, 2))
        states.append(source.weight.detach().clone())
        average.update(turn)
    d = torch.tensor([ramp(decay, t) for t in range(30)], dtype=torch.float64)
    weights = torch.tensor([d.prod(), *((1 - d[t]) * d[t + 1 :].prod() for t in range(30))])
    assert weights.sum().item() == pytest.approx(1.0, abs=1e-14)
    expected = sum(w * s for w, s in zip(weights, states, strict=True))
    torch.testing.assert_close(average.module.weight.detach(), expected, rtol=0, atol=1e-14)


def test_the_ramp_forgets_the_first_sampler_quickly():
    """Π_{t<T} (1 + t)/(10 + t) = T!·9!/(T + 9)!: the share of the first weights after T turns, while the ramp lasts."""
    source = nn.Linear(1, 1, bias=False).double()
    nn.init.ones_(source.weight)
    average = Average(source, 0.999)
    nn.init.zeros_(source.weight)
    share = 1.0
    for turn in range(20):
        average.update(turn)
        share *= (1 + turn) / (10 + turn)
    assert average.module.weight.item() == pytest.approx(share, rel=1e-12)
    assert share < 1e-6


def test_without_decay_it_is_a_plain_copy():
    source = nn.Linear(3, 3)
    average = Average(source, 0.0)
    nn.init.normal_(source.weight)
    average.update(1000)
    assert torch.equal(average.module.weight, source.weight)


def test_statistics_of_batch_norm_are_averaged_and_counts_copied():
    source = nn.BatchNorm1d(3)
    average = Average(source, 0.5)
    source.train()(torch.randn(10, 3) + 5)
    average.update(1000)
    torch.testing.assert_close(average.module.running_mean, source.running_mean / 2)
    torch.testing.assert_close(average.module.running_var, (source.running_var + 1) / 2)
    assert average.module.num_batches_tracked == source.num_batches_tracked == 1


def test_it_neither_learns_nor_trains_nor_changes_its_source():
    source = nn.Sequential(nn.Linear(2, 2), nn.Dropout(0.5))
    kept = source[0].weight.detach().clone()
    average = Average(source, 0.9)
    with torch.no_grad():
        average.module[0].weight.add_(1.0)
    average.update(0)
    assert torch.equal(source[0].weight, kept)
    assert not any(p.requires_grad for p in average.module.parameters())
    assert source.training
    assert not average.module.training
