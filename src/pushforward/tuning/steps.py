"""The number of steps that a critic takes in a turn."""

from dataclasses import dataclass

from pushforward.tuning.bounds import check_not_negative


@dataclass(frozen=True)
class Steps:
    """A number of critic steps a turn: `usual`, but `burst` in the first turns and every so often.

    Args:
        usual: steps in an ordinary turn, at least 0.
        burst: steps in an extraordinary one.
        first: the first so many turns are extraordinary.
        every: so is every turn whose number it divides; 0 for none.
    Source: Arjovsky et al. (2017), released code of WGAN: 5, but 100 in the first 25 turns and every 500th.
    Example:
        >>> [Steps(5, burst=100, first=25, every=500).at(t) for t in (0, 24, 25, 500)]
        [100, 100, 5, 100]
    """

    usual: int = 5
    burst: int = 100
    first: int = 25
    every: int = 500

    def __post_init__(self) -> None:
        for name in ("usual", "burst", "first", "every"):
            check_not_negative(f"{name} of Steps", getattr(self, name))

    def at(self, turn: int) -> int:
        """Return the critic steps in turn number `turn`, counted from 0."""
        extraordinary = turn < self.first or (self.every > 0 and turn % self.every == 0)
        return self.burst if extraordinary else self.usual


def steps_at(steps: int | Steps, turn: int) -> int:
    """Return the critic steps in turn number `turn`, for a plain number or a `Steps`."""
    return steps if isinstance(steps, int) else steps.at(turn)
