"""The end of a run before its budget is spent: said, written down, and taken back where more is given."""

from pushforward import ranks
from pushforward.runs import RunFolder
from pushforward.training import Training
from pushforward.verbs.run_creation import say


def say_ending(training: Training, folder: RunFolder, quiet: bool) -> None:
    """Say and write down why a run ended before its budget was spent; nothing, where it did not.

    Args:
        training: that has ended.
        folder: of the run.
        quiet: whether to say nothing.
    """
    if not training.ended or ranks.rank() > 0:
        return
    ends = training.patience if training.patience.over or training.checks is None else training.checks
    ending = ends.ending(training.number)
    folder.write_json("environment.json", folder.read_json("environment.json") | {"stopped_early": ending})
    say(quiet, f"{ending}.")


def go_on(training: Training) -> None:
    """Forget that a run has ended: a new budget was given."""
    training.patience.go_on(training.number)
    if training.checks:
        training.checks.go_on()
