"""Gradients reach their player and nobody else; simultaneous, clipped, scheduled steps are what they say."""

from copy import deepcopy

import pytest
import torch
from torch import nn

from pushforward.errors import Refused, TrainingFailed
from pushforward.training import Turn
from pushforward.tuning import SGD, Adam, Cosine, Linear, RMSprop

PLAIN = SGD(0.1, 0.0)


def players():
    f, g = nn.Linear(3, 1).double(), nn.Linear(2, 3).double()
    return f, g, torch.randn(5, 2, dtype=torch.float64)


def turn(f, g, tune=PLAIN, **options) -> Turn:
    t = Turn({"critic": f, "sampler": g}, {"critic": tune, "sampler": tune}, **options)
    t.begin(0, 0.0)
    return t


def values(module):
    return [p.detach().clone() for p in module.parameters()]


def same(module, before) -> bool:
    return all(torch.equal(p, b) for p, b in zip(module.parameters(), before, strict=True))


def test_only_the_named_player_moves():
    f, g, z = players()
    before, own = values(f), values(g)
    turn(f, g).minimize(g, f(g(z)).mean())
    assert same(f, before)
    assert all(p.grad is None for p in f.parameters())
    assert not same(g, own)


def test_one_step_of_plain_descent_is_the_rate_times_the_gradient():
    f, g, z = players()
    before = values(g)
    gradients = torch.autograd.grad(f(g(z)).mean(), list(g.parameters()))
    turn(f, g).minimize(g, f(g(z)).mean())
    for p, b, d in zip(g.parameters(), before, gradients, strict=True):
        torch.testing.assert_close(p, b - 0.1 * d, rtol=0, atol=1e-15)


def test_a_step_within_autocast_sees_the_weights_of_the_step_before():
    """Autocast keeps a weight that it has cast until it ends; three steps in one must be three steps in three."""
    f, g, z = (t.float() for t in players())
    copies, loss = (deepcopy(f), deepcopy(g)), lambda f, g: f(g(z)).float().square().mean()
    ours, theirs = turn(f, g), turn(*copies)
    with torch.autocast("cpu", torch.bfloat16):
        for player in (f, g, f):
            ours.minimize(player, loss(f, g))
    for player in (copies[0], copies[1], copies[0]):
        with torch.autocast("cpu", torch.bfloat16):
            value = loss(*copies)
        theirs.minimize(player, value)
    assert same(f, values(copies[0]))
    assert same(g, values(copies[1]))


def test_a_parameter_that_the_loss_does_not_read_stays():
    f, g, z = players()
    kept = g.bias.detach().clone()
    turn(f, g).minimize(g, (z @ g.weight.T).square().mean())
    assert torch.equal(g.bias, kept)


def test_maximize_is_minimize_of_the_negative_and_keeps_the_sign_of_the_record():
    results = []
    for up in (True, False):
        torch.manual_seed(1)
        f, g, z = players()
        t = turn(f, g, Adam())
        value = f(g(z)).square().mean()
        t.maximize(g, value) if up else t.minimize(g, -value)
        results.append((values(g), t.records["sampler"]["loss"]))
    assert all(torch.equal(a, b) for a, b in zip(results[0][0], results[1][0], strict=True))
    assert results[0][1] == -results[1][1] > 0


def test_together_takes_both_gradients_before_either_step():
    """min_g max_f of a bilinear value: one simultaneous step, by hand; one after the other is another point."""
    f0, g0 = torch.tensor(2.0, dtype=torch.float64), torch.tensor(3.0, dtype=torch.float64)
    ends = []
    for simultaneous in (True, False):
        f, g = nn.ParameterList([f0.clone()]), nn.ParameterList([g0.clone()])
        t = turn(f, g)
        if simultaneous:
            with t.together():
                t.maximize(f, f[0] * g[0])
                t.minimize(g, f[0] * g[0])
        else:
            t.maximize(f, f[0] * g[0])
            t.minimize(g, f[0] * g[0])
        ends.append((f[0].item(), g[0].item()))
    assert ends[0] == pytest.approx((2 + 0.1 * 3, 3 - 0.1 * 2), abs=1e-15)
    assert ends[1] == pytest.approx((2.3, 3 - 0.1 * 2.3), abs=1e-15)


def test_together_shares_one_graph():
    """Both losses come from one forward pass; the first differentiation must leave it to the second."""
    f, g, z = players()
    y = f(g(z))
    expected_f = torch.autograd.grad(y.mean(), list(f.parameters()), retain_graph=True)
    expected_g = torch.autograd.grad(y.square().mean(), list(g.parameters()), retain_graph=True)
    before = values(f), values(g)
    t = turn(f, g)
    with t.together():
        t.maximize(f, y.mean())
        t.minimize(g, y.square().mean())
    for p, b, d in zip(f.parameters(), before[0], expected_f, strict=True):
        torch.testing.assert_close(p, b + 0.1 * d, rtol=0, atol=1e-15)
    for p, b, d in zip(g.parameters(), before[1], expected_g, strict=True):
        torch.testing.assert_close(p, b - 0.1 * d, rtol=0, atol=1e-15)


def test_nothing_moves_when_a_loss_of_together_is_not_finite():
    f, g, z = players()
    before = values(f), values(g)
    t = turn(f, g)

    def both():
        with t.together():
            t.minimize(f, f(g(z)).mean())
            t.minimize(g, f(g(z)).mean() * float("nan"))

    with pytest.raises(TrainingFailed, match="loss of the generator was nan at turn 0"):
        both()
    assert same(f, before[0])
    assert same(g, before[1])
    t.minimize(f, f(g(z)).mean())  # and the turn still works
    assert not same(f, before[0])


def test_a_tuple_steps_together_and_each_with_its_own_optimiser():
    f, g, z = players()
    before = values(f), values(g)
    t = Turn({"critic": f, "sampler": g}, {"critic": PLAIN, "sampler": SGD(0.01, 0.0)})
    t.begin(0, 0.0)
    loss = f(g(z)).square().mean()
    gradients = torch.autograd.grad(loss, [*f.parameters(), *g.parameters()], retain_graph=True)
    t.minimize((f, g), loss)
    rates = [0.1, 0.1, 0.01, 0.01]
    for p, b, d, rate in zip([*f.parameters(), *g.parameters()], before[0] + before[1], gradients, rates, strict=True):
        torch.testing.assert_close(p, b - rate * d, rtol=0, atol=1e-15)
    assert list(t.records) == ["critic+sampler"]


@pytest.mark.parametrize("scale", [1e-3, 1e3])
def test_the_gradient_of_each_player_is_clipped_to_the_norm(scale):
    f, g, z = players()
    before = values(f), values(g)
    loss = scale * f(g(z)).square().mean()
    gradients = [torch.autograd.grad(loss, list(m.parameters()), retain_graph=True) for m in (f, g)]
    turn(f, g, clip_norm=0.5).minimize((f, g), loss)
    for m, b, d in zip((f, g), before, gradients, strict=True):
        moved = torch.cat([(p - q).flatten() for p, q in zip(m.parameters(), b, strict=True)])
        raw = torch.cat([q.flatten() for q in d])
        # torch divides by the norm plus 1e-6
        expected = -0.1 * raw * min(1.0, 0.5 / (raw.norm().item() + 1e-6))
        torch.testing.assert_close(moved, expected, rtol=1e-12, atol=1e-15)
    assert scale < 1 or moved.norm().item() == pytest.approx(0.05, rel=1e-5)


@pytest.mark.parametrize(
    ("decay", "factor"), [(Linear(), 0.75), (Cosine(), 0.8535533905932737), (Linear(start=0.5), 1.0)]
)
def test_the_rate_follows_the_share_of_the_budget(decay, factor):
    """At a quarter: 1 − ¼; (1 + cos π/4)/2; not begun."""
    f, g, z = players()
    before = values(g)
    t = turn(f, g, SGD(0.1, 0.0, decay))
    t.begin(5, 0.25)
    gradients = torch.autograd.grad(f(g(z)).mean(), list(g.parameters()))
    t.minimize(g, f(g(z)).mean())
    for p, b, d in zip(g.parameters(), before, gradients, strict=True):
        torch.testing.assert_close(p, b - 0.1 * factor * d, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("tune", [Adam(), RMSprop(1e-2), SGD()])
@pytest.mark.parametrize("order", ["expanded", "channels first", "channels last"])
def test_the_order_in_memory_of_a_gradient_is_no_matter(tune, order):
    """Fused optimisers walk through memory: a gradient laid out otherwise would meet other weights."""
    weight = torch.randn(4, 3, 5, 5).to(memory_format=torch.channels_last)
    coefficients = torch.randn(()).expand(4, 3, 5, 5) if order == "expanded" else torch.randn(4, 3, 5, 5)
    if order == "channels last":
        coefficients = coefficients.to(memory_format=torch.channels_last)
    p = nn.ParameterList([weight.clone(memory_format=torch.preserve_format)])
    t = Turn({"p": p}, {"p": tune})
    for _ in range(2):
        t.begin(0, 0.0)
        t.minimize(p, (p[0] * coefficients).sum())
    reference = nn.Parameter(weight.clone())
    optimizer = {
        Adam: lambda: torch.optim.Adam([reference], 1e-3, (0.5, 0.999)),
        RMSprop: lambda: torch.optim.RMSprop([reference], 1e-2),
        SGD: lambda: torch.optim.SGD([reference], 0.1, 0.9),
    }[type(tune)]()
    for _ in range(2):
        reference.grad = coefficients.clone(memory_format=torch.contiguous_format)
        optimizer.step()
    # rounding of two steps: a few units in the last place of numbers of order one
    torch.testing.assert_close(p[0].detach(), reference.detach(), rtol=0, atol=2e-6)


def test_terms_are_recorded_beside_the_loss_and_forgotten_in_the_next_turn():
    f, g, z = players()
    t = turn(f, g)
    t.minimize(g, f(g(z)).mean(), slope=torch.tensor(2.0), share=0.5)
    assert t.records["sampler"]["terms"] == {"slope": 2.0, "share": 0.5}
    t.begin(1, 0.0)
    assert t.records == {}


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_a_loss_that_is_not_finite_names_player_and_turn_and_moves_nothing(bad):
    f, g, z = players()
    before = values(g)
    t = turn(f, g)
    t.begin(7, 0.0)
    with pytest.raises(TrainingFailed, match=f"the loss of the generator was {bad} at turn 7"):
        t.minimize(g, f(g(z)).mean() + bad)
    assert same(g, before)


def test_losses_that_are_read_together_step_first_and_are_named_by_player_and_turn():
    f, g, z = players()
    before = values(g)
    t = turn(f, g, unread=3)
    t.minimize(f, f(g(z)).mean())
    t.begin(1, 0.0)
    t.minimize(g, f(g(z)).mean() + float("inf"))
    assert not same(g, before)
    assert t.records["sampler"]["loss"] == float("inf")
    t.begin(2, 0.0)
    with pytest.raises(TrainingFailed, match="the loss of the generator was inf at turn 1"):
        t.minimize(f, f(g(z)).mean())
    t.settle()  # and is said once


def test_losses_are_read_when_asked_for():
    f, g, z = players()
    t = turn(f, g, unread=100)
    t.minimize(g, f(g(z)).mean())
    t.settle()
    t.note("sampler", float("nan"))
    with pytest.raises(TrainingFailed, match="the loss of the generator was nan at turn 0"):
        t.settle()


def test_a_loss_that_reaches_no_weight_of_its_player_is_refused():
    f, g, z = players()
    with pytest.raises(Refused, match="no gradient reaches the sampler: its loss depends on none of its weights"):
        turn(f, g).minimize(g, f(z @ torch.ones(2, 3).double()).mean())
