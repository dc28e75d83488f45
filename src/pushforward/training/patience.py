"""The patience with a run whose states since the best are worse than it by more than chance."""

from pushforward import ranks
from pushforward.training.choice import Choice


class Patience:
    """A count of probes in a row that found worse states than the best; after so many of them training is over.

    Args:
        probes: that are borne; 0 for all.
        every: turns between two probes.
    """

    def __init__(self, probes: int = 0, every: int = 1):
        self.probes, self.every = probes, every
        self.over, self.since, self.last = False, 0, 0

    def exhausted(self, turn: int, choice: Choice | None) -> bool:
        """Return whether it is over after a turn, as the first of several processes finds.

        Args:
            turn: that was probed.
            choice: the best state, and the latest that is not told from it.
        """

        def found() -> bool:
            self.last = choice.kept.turn if choice else turn
            return self.probes > 0 and (turn - max(self.last, self.since)) // self.every >= self.probes

        self.over = ranks.first(found)
        return self.over

    def ending(self, turn: int) -> str:
        """Return the reason why a run was ended after so many turns, as the beginning of a sentence."""
        return f"stopped early at turn {turn:,}: since turn {self.last:,} every state is worse than the best"

    def go_on(self, turn: int) -> None:
        """Forget that it is over: a new budget was given after so many turns."""
        self.over, self.since = False, turn
