"""What is said of the state of a run that is judged."""

import pytest

from pushforward.judging.text_state import state_in_words


def state(**other):
    usual = {"turn": 3000, "turns": 5000, "chosen_by": "energy", "better": "lower", "value": 0.01, "stderr": 0.002}
    return usual | {"best_turn": 2750, "stopped_improving": False, "weights": {}} | other


def weights(value: float, better: bool):
    return {"turn": 5000, "value": value, "gain": 0.01 - value, "interval": [0.0, 0.0], "better": better}


def test_the_turn_comes_first_then_why():
    assert state_in_words(state()) == (
        "Turn 3,000 of 5,000 is judged, the latest state that energy distance on the validation part does not tell "
        "from the best."
    )


def test_the_last_state_is_called_so():
    said = state_in_words(state(turn=5000, best_turn=5000))
    assert said.startswith(
        "Turn 5,000 of 5,000 is judged, the last state: energy distance on the validation part finds"
    )
    assert "stopped" not in said


def test_a_run_that_got_worse_again_says_since_when():
    assert "stopped improving at turn 2,750: its last state is worse by more" in state_in_words(
        state(stopped_improving=True)
    )


@pytest.mark.parametrize("better", [True, False])
def test_other_weights_are_named_where_they_score_better_alone(better):
    said = state_in_words(state(weights={"raw": weights(0.004, better), "last": weights(0.2, False)}))
    assert ("--weights raw scores better there: 0.004 against 0.01 (turn 5,000)." in said) is better
    assert "--weights last" not in said


def test_a_probe_of_ones_own_keeps_its_name():
    assert "that closeness on the validation part" in state_in_words(state(chosen_by="closeness"))
