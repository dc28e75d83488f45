"""Which state is handed over: the latest that is not told from the best."""

import pytest
import torch

from pushforward.training import Choice, Gain, Standing

Z = 1.959964  # of the normal law at 0.975


def state(turn: int, value: float, error: float = 0.0, better: str = "lower", trace=None, name="energy") -> Standing:
    return Standing(turn, name, value, better, error, trace or {})


def unpaired(new, old):
    raise AssertionError("there are no traces")


def played(values, **given) -> Choice:
    choice = None
    for turn, value in enumerate(values, 1):
        choice = Choice.after(choice, state(turn, value, **given), unpaired)
    return choice


def test_of_states_that_cannot_be_told_apart_the_latest_is_kept():
    """Errors of 0.1 make an interval of 0.1·√2·1.96 = 0.277 on either side of a difference."""
    choice = played([1.0, 0.5, 0.6, 0.77, 0.78, 0.9], error=0.1)
    assert (choice.best.turn, choice.kept.turn) == (2, 4)
    choice = played([-v for v in (1.0, 0.5, 0.6, 0.77, 0.78, 0.9)], error=0.1, better="higher")
    assert (choice.best.turn, choice.kept.turn) == (2, 4)


def test_noise_alone_never_keeps_an_early_state():
    """Equal states with errors as large as their scatter: the last one is told from the best hardly ever."""
    torch.manual_seed(0)
    last = [played(torch.randn(20).mul(0.1).tolist(), error=0.1).kept.turn for _ in range(200)]
    assert min(last) > 10  # ten later states would all have to lie above the best by 2.77 deviations
    # the last of 20 is above the least of 20 by more than 2.77 deviations with probability 0.17 at most
    assert sum(turn == 20 for turn in last) > 200 * 0.75


def test_small_losses_add_up_since_each_is_compared_with_the_best():
    choice = played([1.0, *(1.0 + 0.05 * i for i in range(1, 20))], error=0.1)
    assert choice.best.turn == 1
    assert choice.kept.turn == 6  # 0.25 < 0.277 < 0.3


def test_an_improvement_however_small_is_the_best_state_and_kept():
    choice = played([1.0, 0.999], error=10.0)
    assert choice == Choice(state(2, 0.999, 10.0), state(2, 0.999, 10.0))


def test_without_any_error_equal_states_are_not_told_apart():
    assert played([1.0, 1.0, 1.5]).kept.turn == 2


@pytest.mark.parametrize(("error", "kept"), [(0.04, 1), (0.06, 2)])
def test_where_rows_are_paired_the_error_is_that_of_the_difference(error, kept):
    """A loss of 0.1 is 2.5 errors of 0.04, and 1.67 of 0.06; the states' own errors of 10 are not asked."""
    new, old = {"x": torch.ones(2)}, {"x": torch.zeros(2)}
    asked = []

    def paired(a, b):
        asked.append((a, b))
        return error

    first = Choice.after(None, state(1, 1.0, 10.0, trace=old), paired)
    assert Choice.after(first, state(2, 1.1, 10.0, trace=new), paired).kept.turn == kept
    assert asked == [(new, old)]


def test_the_interval_of_a_gain():
    gain = Gain.of(state(2, 0.4, 0.3), state(1, 1.0, 0.4), unpaired)
    assert gain.value == pytest.approx(0.6)
    assert gain.interval == pytest.approx((0.6 - Z * 0.5, 0.6 + Z * 0.5))
    assert not gain.is_gain
    assert not gain.is_loss
    assert Gain(1.0, 0.5).is_gain
    assert Gain(-1.0, 0.5).is_loss


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_a_value_that_is_not_finite_has_no_standing(value):
    scores = {"energy": {"value": value, "stderr": None, "spread": None, "better": "lower"}}
    assert Standing.of(1, scores, {}) is None
    assert Standing.of(1, {}, {}) is None
    choice = played([1.0])
    assert Choice.after(choice, None, unpaired) is choice
    assert Choice.after(None, None, unpaired) is None


@pytest.mark.parametrize("error", ["stderr", "spread"])
def test_the_error_of_a_standing_is_the_scores_own(error):
    scores = {"fid": {"value": 2.0, "stderr": None, "spread": None, "better": "lower"} | {error: 0.5}}
    assert Standing.of(3, scores | {"kid": {"value": 0.0}}, {}) == state(3, 2.0, 0.5, name="fid")


def test_another_score_begins_anew():
    choice = Choice.after(played([1.0]), state(9, 5.0, name="kid"), unpaired)
    assert choice == Choice(state(9, 5.0, name="kid"), state(9, 5.0, name="kid"))


def test_a_choice_is_written_down_and_read_again():
    trace = {"x": torch.ones(3)}
    choice = Choice(state(1, 1.0, 0.1, trace=trace), state(2, 1.05, 0.2, "lower"))
    found = Choice.read({"choice": choice.plain()}, choice.traces(), turn=7)
    assert found == choice
    assert (found.best.trace, found.kept.trace) == (trace, {})
    assert Choice.read({"choice": None}, {}, turn=7) is None


def test_what_older_versions_wrote_is_read():
    score = {"value": 0.7, "better": "higher"}
    trace = {"x": torch.ones(3)}
    old = {"best": 0.5, "best_error": 0.1, "scores": {"recall": score}}
    found = Choice.read(old, {"best": trace}, turn=7)
    assert found.best is found.kept
    assert (found.best.turn, found.best.name, found.best.value, found.best.better) == (7, "recall", 0.5, "higher")
    assert (found.best.error, found.best.trace) == (0.1, trace)
    assert Choice.read({"best": None, "scores": {}}, {}, turn=7) is None


def test_what_is_handed_over_says_when_it_stopped_improving_and_which_weights_score_better():
    choice = played([1.0, 0.5, 0.6, 1.5], error=0.1)
    others = {"last": state(4, 1.5, 0.1), "raw": state(4, 0.1, 0.1), "none": None}
    found = choice.handed_over(4, others, unpaired)
    half = Z * 0.1 * 2**0.5
    assert found == {
        "turn": 3,
        "turns": 4,
        "chosen_by": "energy",
        "better": "lower",
        "value": 0.6,
        "stderr": 0.1,
        "best_turn": 2,
        "stopped_improving": True,
        "weights": {
            "last": {
                "turn": 4,
                "value": 1.5,
                "gain": pytest.approx(-0.9),
                "interval": pytest.approx([-0.9 - half, -0.9 + half], rel=1e-5),
                "better": False,
            },
            "raw": {
                "turn": 4,
                "value": 0.1,
                "gain": pytest.approx(0.5),
                "interval": pytest.approx([0.5 - half, 0.5 + half], rel=1e-5),
                "better": True,
            },
        },
    }
    assert not played([1.0, 0.5]).handed_over(2, {}, unpaired)["stopped_improving"]
