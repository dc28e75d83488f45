"""What a number must be, and the sentence if it is not."""

from pushforward.errors import Refused


def positive(what: str, value: float | int) -> None:
    """More than 0."""
    if not value > 0:
        raise Refused(f"{what} must be positive, got {value}.")


def not_negative(what: str, value: float | int) -> None:
    """At least 0."""
    if not value >= 0:
        raise Refused(f"{what} must be at least 0, got {value}.")


def below_one(what: str, value: float) -> None:
    """In [0, 1)."""
    if not 0 <= value < 1:
        raise Refused(f"{what} must lie in [0, 1), got {value}.")
