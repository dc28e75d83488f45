"""The checks that a number lies within its bounds, each with its sentence of refusal."""

from pushforward.errors import Refused


def check_positive(what: str, value: float | int) -> None:
    """Refuse a number that is not above 0."""
    if not value > 0:
        raise Refused(f"{what} must be positive, got {value}.")


def check_not_negative(what: str, value: float | int) -> None:
    """Refuse a number that is below 0."""
    if not value >= 0:
        raise Refused(f"{what} must be at least 0, got {value}.")


def check_below_one(what: str, value: float) -> None:
    """Refuse a number that does not lie in [0, 1)."""
    if not 0 <= value < 1:
        raise Refused(f"{what} must lie in [0, 1), got {value}.")
