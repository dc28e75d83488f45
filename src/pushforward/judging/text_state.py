"""The state of a run that is judged, in words: its turn, how it was chosen, and what else of the run scores better."""

from collections.abc import Mapping
from typing import Any

from pushforward.judging.titles import TITLES


def turn_in_words(state: Mapping[str, Any]) -> str:
    """Return the turn of a state and the number of all.

    Example:
        >>> turn_in_words({"turn": 3000, "turns": 5000})
        'turn 3,000 of 5,000'
    """
    return f"turn {state['turn']:,} of {state['turns']:,}"


def state_in_words(state: Mapping[str, Any]) -> str:
    """Return which state of a run is judged and why, and what weights of it score better on the validation part.

    Args:
        state: as in kept.json.
    """
    name = state["chosen_by"]
    score = f"{TITLES[name].label if name in TITLES else name} on the validation part"
    said = f"{turn_in_words(state).capitalize()} is judged"
    if state["turn"] == state["turns"]:
        said += f", the last state: {score} finds none better by more than chance."
    else:
        said += f", the latest state that {score} does not tell from the best."
    if state["stopped_improving"]:
        said += (
            f" The run stopped improving at turn {state['best_turn']:,}: its last state is worse by more than chance."
        )
    for weights, other in state["weights"].items():
        if other["better"]:
            said += (
                f" --weights {weights} scores better there: {other['value']:.3g} against {state['value']:.3g} "
                f"(turn {other['turn']:,})."
            )
    return said
