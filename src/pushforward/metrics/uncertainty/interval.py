"""The interval of a squared distance, whose error grows with it: where the truth is larger, so is the variance."""

NORMAL = 1.959963984540054
"""Standard errors on either side of a 95 % interval."""

FAR = 2.0
"""Null deviations up to which nothing is concluded from how the variance grew."""


def distance_interval(value: float, variance: float, null: float) -> tuple[float, float]:
    """{θ : (D − θ)² ≤ z²·V(θ)} for an unbiased estimate D of MMD², at 95 %, with V(θ) = σ₀² + cθ or what σ² asks for.

    σ² and D rise and fall together, so that D ± zσ misses large θ: it covers 87 %, not 95, where D is a few σ₀. The
    first-order variance 4·Var(w)(1/n + 1/m) of the witness w is at most 4λ(1/n + 1/m)·θ, λ the largest eigenvalue of
    the centred kernel's operator, and λ² ≤ ζ = Σλ², so c ≤ 2√2·σ₀. That bound is taken for c up to FAR null deviations,
    beyond them c = (σ² − σ₀²)/D where that is less. Far from 0 the interval is D ± zσ again.

    Args:
        value: D, which may be negative.
        variance: σ², estimated without bias.
        null: σ₀², what it would be if the laws were equal; at least this much is believed.
    """
    least, at = max(variance, null), max(value, 0.0)
    growth = (8 * null) ** 0.5
    if at > FAR * null**0.5:
        growth = min(growth, (least - null) / at)
    base = least - growth * at
    return _end(-NORMAL, value, base, growth, null), _end(NORMAL, value, base, growth, null)


def _end(z: float, value: float, base: float, growth: float, null: float) -> float:
    """Return the end θ on the side of z of (D − θ)² = z²·max(σ₀², b + cθ)."""
    flat = value + z * null**0.5
    if base + growth * flat <= null:
        return flat
    reach = abs(z) * max(growth * (value + z**2 * growth / 4) + base, 0.0) ** 0.5
    return value + z**2 * growth / 2 + (reach if z > 0 else -reach)
