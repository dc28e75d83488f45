"""The laws of f-divergences: rows of the table that `FDivergence` reads."""

import torch
from torch import Tensor

from pushforward.discrepancies import Divergence
from pushforward.testing.rule import holds, is_a_value, laws_of

V = torch.linspace(-4, 4, 81, dtype=torch.float64)
"""Outputs of a critic."""

U = torch.linspace(-25, 25, 2001, dtype=torch.float64).exp()
"""Ratios p/q among which the supremum is sought."""

ROUNDING = 1e-9
"""Of sums and products of numbers up to e⁸ in float64, with room for cancellation in f."""


def f_is_convex(row: Divergence) -> None:
    """The function f lies below its chords."""
    u, w = torch.rand(2, 200, dtype=torch.float64) * 5 + 1e-3
    chord = (row.f(u) + row.f(w)) / 2
    holds((row.f((u + w) / 2) <= chord + ROUNDING * (1 + chord.abs())).all(), "a midpoint lies above its chord")


def the_activation_increases(row: Divergence) -> None:
    """A larger output of the critic always means "data"."""
    holds((row.activation(V).diff() > 0).all(), "the activation falls somewhere between −4 and 4")


def the_conjugate_is_a_supremum(row: Divergence) -> None:
    """f*(t) ≥ u·t − f(u) for all u > 0, t = activation(v)."""
    lines = U * row.activation(V)[:, None] - row.f(U)
    room = ROUNDING * (1 + (U * row.activation(V)[:, None]).abs() + row.f(U).abs())
    above = lines > row.conjugate(V)[:, None] + room
    holds(~above.any(), f"at v = {V[above.any(1)][:1].tolist()} some u·t − f(u) is larger than the conjugate")


def the_ratio_attains_it(row: Divergence) -> None:
    """f*(t) = u·t − f(u) at u = p/q as read off: the bound is tight at the best critic."""
    read, room = row.log_ratio(V), ROUNDING
    if read is None:  # the best critic does not know the ratio: then the supremum over u must come as near
        u = U[(U * row.activation(V)[:, None] - row.f(U)).argmax(1)]
        room = 0.05  # of ratios a fortieth apart
    else:
        u = read.exp()
    line, star = u * row.activation(V) - row.f(u), row.conjugate(V)
    scale = 1 + star.abs() + (u * row.activation(V)).abs()
    holds(((line - star).abs() <= room * scale).all(), "the ratio that is read off does not attain the conjugate")


def far_outputs_stay_finite(row: Divergence) -> None:
    """The values and gradients at outputs from −15 to 15 are finite in float32."""
    v = torch.linspace(-15, 15, 61).requires_grad_()
    both: tuple[Tensor, Tensor] = row.activation(v), row.conjugate(v)
    (slope,) = torch.autograd.grad(sum(t.sum() for t in both), v)  # type: ignore[arg-type]
    holds(all(bool(t.isfinite().all()) for t in (*both, slope)), "a value or a gradient is not finite")


LAWS = laws_of(
    "f-divergences",
    is_a_value,
    f_is_convex,
    the_activation_increases,
    the_conjugate_is_a_supremum,
    the_ratio_attains_it,
    far_outputs_stay_finite,
)
