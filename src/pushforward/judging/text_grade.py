"""The grade of samples in a sentence that needs no statistics."""

from pushforward.judging.grade import BEST, Grade
from pushforward.judging.phrases import about

NOTICED = 0.005
"""Share of pairs below which it is not worth a word."""


def grade_in_words(grade: Grade, thing: str) -> str:
    """Return how often the real one of a pair is picked, and what is missing, invented or copied.

    Args:
        grade: of the samples.
        thing: what one of the data is called.
    """
    shown = f"{grade.word.capitalize()}: shown one real and one generated {thing}, "
    if grade.word == BEST or grade.picked < 0.5 + NOTICED:
        said = [f"{shown}no judge here picks the real one more often than a guess would"]
        if grade.visible is not None:
            said.append(f"one who is right {_times(grade.visible)} would have been noticed four times in five")
    else:
        said = [f"{shown}a judge picks the real one {_times(grade.picked)}, where 50 is a guess"]
    if grade.missing:
        said.append(f"{about(grade.missing)} of the variety of the data is missing")
    if grade.invented:
        said.append(f"{about(grade.invented)} of what is generated lies where no data are")
    copied = f" But samples lie nearer to the training data than a new {thing} does: some may be copies."
    return f"{'; '.join(said)}.{copied if grade.copied else ''}"


def _times(share: float) -> str:
    """Return how often in a hundred."""
    return "every time" if share >= 1 - NOTICED else f"{100 * share:.0f} times in 100"
