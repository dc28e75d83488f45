"""The laws of constraints, in front of every kind of discrepancy and critic that a constraint accepts."""

from collections.abc import Iterator
from copy import deepcopy

import torch
from torch import Tensor, nn
from torch.testing import assert_close

from pushforward.critics import Adversarial, Autoencoder, Constraint
from pushforward.discrepancies import MMD, Biased, Discrepancy, JensenShannon, MeanDifference, Root
from pushforward.errors import Refused
from pushforward.kernels import Gaussian, Linear
from pushforward.spaces import Batch
from pushforward.testing.rule import holds, is_a_value, laws_of

DIM = 3


def critic(outputs: int) -> nn.Module:
    """Make a small and smooth critic, so that every derivative exists."""
    return nn.Sequential(nn.Linear(DIM, 8), nn.Softplus(), nn.Linear(8, outputs))


def settings() -> Iterator[tuple[Discrepancy, nn.Module]]:
    """Yield witnesses of degree 1 and 2, bounded and not; critics of one feature and several; an autoencoder."""
    for D in (MeanDifference(), JensenShannon(), MMD(Gaussian(), Biased()), MMD(Gaussian())):
        yield D, critic(1)
    squared = MMD(Gaussian(), Biased())
    for E in (squared, MMD(Linear(), Biased()), Root(squared)):
        yield E, critic(4)
    yield Root(squared), Autoencoder(critic(2), nn.Linear(2, DIM))


def accepted(c: Constraint) -> Iterator[tuple[Adversarial, str]]:
    """Yield the critics that the constraint does not refuse, neither when it is attached nor when it is asked."""
    for D, f in settings():
        try:
            a = Adversarial(D, f, c)
            a.objective(*batches())
        except Refused:
            continue
        yield a, f"in front of {D} with {type(f).__name__}"


def batches(m: int = 8) -> tuple[Batch, Batch]:
    """Draw eight data and m samples."""
    return Batch(torch.randn(8, DIM)), Batch(torch.randn(m, DIM) + 0.5)


def some_critic_is_accepted(c: Constraint) -> None:
    """The constraint works with at least one of the critics at hand, and refuses the others with `Refused`."""
    holds(any(True for _ in accepted(c)), "it refuses all of them")


def the_game_goes_on(c: Constraint) -> None:
    """The objective and the loss are finite scalars, and the objective has a finite gradient for the critic."""
    for a, where in accepted(c):
        for m in (8, 6):
            x, y = batches(m)
            value, loss = a.objective(x, y), a.loss(x, y)
            holds(value.shape == loss.shape == () and bool((value + loss).isfinite()), f"not {where}, {m} samples")
            slopes = [g for g in _gradients(value, a) if g is not None]
            holds(
                len(slopes) > 0 and all(bool(g.isfinite().all()) for g in slopes),
                f"no gradient {where}, {m} samples",
            )


def samples_have_a_direction(c: Constraint) -> None:
    """The loss has a finite gradient for the samples."""
    for a, where in accepted(c):
        x, y = batches()
        moved = y.x.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(a.loss(x, Batch(moved)), moved)
        holds(gradient.isfinite().all() and gradient.abs().max() > 0, f"it is zero or not finite {where}")


def looking_changes_nothing(c: Constraint) -> None:
    """The critic's parameters, and its mode, stay as they were when objective and loss are computed."""
    for a, where in accepted(c):
        before = deepcopy(list(a.parameters()))
        for mode in (True, False):
            a.train(mode)
            x, y = batches()
            a.objective(x, y)
            a.loss(x, y)
            holds(a.f.training is mode, f"the mode has changed {where}")
        unchanged = [torch.equal(p, q) for p, q in zip(a.parameters(), before, strict=True)]
        holds(all(unchanged), f"a parameter has changed {where}")


def a_projection_is_where_it_leads(c: Constraint) -> None:
    """The second of two projections changes nothing, up to rounding, and what is projected is finite."""
    for a, _ in accepted(c):
        a.project()
        once = deepcopy(list(a.parameters()))
        a.project()
        for p, q in zip(a.parameters(), once, strict=True):
            holds(p.isfinite().all(), "a parameter is not finite")
            assert_close(p, q)


def _gradients(value: Tensor, a: Adversarial) -> tuple[Tensor | None, ...]:
    return torch.autograd.grad(value, [p for p in a.parameters() if p.requires_grad], allow_unused=True)


LAWS = laws_of(
    "constraints",
    is_a_value,
    some_critic_is_accepted,
    the_game_goes_on,
    samples_have_a_direction,
    looking_changes_nothing,
    a_projection_is_where_it_leads,
)
