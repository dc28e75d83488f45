"""A run whose numbers run away: what is said, and what is kept."""

import pytest
import torch

import pushforward as pf
from pushforward.errors import TrainingFailed
from pushforward.networks import MLP
from pushforward.runs import RunFolder
from pushforward.tuning import SGD


def finite(tensors) -> bool:
    return all(torch.isfinite(t).all() for g in tensors.values() for t in g.values() if t.is_floating_point())


def ruined(game, turn: int, value: float = float("nan"), player: str = "sampler"):
    """A game one of whose weights is no number after turn number `turn`."""
    step = game.step

    def stepped(batch, t):
        step(batch, t)
        if t.number == turn - 1:
            with torch.no_grad():
                next(getattr(game, player).parameters()).view(-1)[0] = value

    game.step = stepped
    return game


def test_a_game_that_diverges_ends_in_one_sentence(rows, fit, tmp_path):
    game = pf.recipes.gan(rows.space, MLP((16, 16)), tune=SGD(1e12))
    with pytest.raises(TrainingFailed, match=r"^the loss of the (generator|critic) was (nan|-?inf) at turn \d+; ") as e:
        fit(game, rows, tmp_path / "run", steps=200, probe_every=200)
    assert "lower the learning rate (--tune.lr)" in str(e.value)


def test_the_last_good_checkpoint_is_named_kept_and_resumable(make, fit, resume, same, tmp_path):
    game, data = make("gram")
    fit(game, data, tmp_path / "whole")
    game, data = make("gram")
    with pytest.raises(TrainingFailed, match=r"the last good checkpoint, turn 4, is in .*run/checkpoint") as failure:
        fit(ruined(game, 6), data, tmp_path / "run", probe_every=100)
    assert "turn 6" in str(failure.value)
    last = RunFolder(tmp_path / "run").checkpoints.load_last()
    assert last.turn == 4
    assert finite(last.tensors)
    folder = RunFolder(tmp_path / "run")
    call = folder.read_yaml("call.yaml")
    folder.write_yaml("call.yaml", call | {"fit": call["fit"] | {"probe_every": 3}})
    resume(tmp_path / "run", data)  # with a game that was not ruined
    for weights in ("last", "raw"):
        one, two = (pf.load(tmp_path / n).draw(5, weights=weights).x for n in ("whole", "run"))
        assert torch.equal(one, two)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize("due", ["probe", "checkpoint", "end"])
def test_a_weight_that_is_not_finite_is_never_kept(due, value, make, fit, tmp_path):
    """The step after the last finite loss may ruin a weight: neither the best state nor the last may hold it."""
    game, data = make("gan")
    paces = {
        "probe": {"probe_every": 2, "checkpoint_every": 100},
        "checkpoint": {"probe_every": 100, "checkpoint_every": 2},
        "end": {"probe_every": 100, "checkpoint_every": 100, "steps": 6},
    }
    with pytest.raises(
        TrainingFailed,
        match=r"a weight of the generator \(linear \d .*\) was no longer finite at turn 6; .*lower the learning",
    ):
        fit(ruined(game, 6, value), data, tmp_path / "run", **paces[due])
    saved = RunFolder(tmp_path / "run").checkpoints
    assert not saved.has_best or finite(saved.load_best().tensors)
    assert not saved.has_last or finite(saved.load_last().tensors)
    assert saved.has_best == (due == "probe")
    assert saved.has_last == (due == "checkpoint")


def test_the_critics_weights_count_too(make, fit, tmp_path):
    game, data = make("gan")
    with pytest.raises(TrainingFailed, match=r"a weight of the critic \(linear \d .*\) was no longer finite at turn 4"):
        fit(ruined(game, 4, player="discrepancy"), data, tmp_path / "run", checkpoint_every=2)


def test_before_the_first_checkpoint_it_says_so(make, fit, tmp_path):
    game, data = make("gan")
    with pytest.raises(TrainingFailed, match="no checkpoint was written yet"):
        fit(ruined(game, 1), data, tmp_path / "run", checkpoint_every=100, probe_every=100)


def test_a_probe_without_a_number_chooses_nothing(make, fit, tmp_path):
    from types import SimpleNamespace

    values = iter([float("nan"), 2.0, float("nan"), 1.0, 3.0])  # the last one of the weights that are not averaged
    probe = {"p": lambda x, y: SimpleNamespace(value=next(values), stderr=None, better="lower")}
    game, data = make("mmd_net")
    run = fit(game, data, tmp_path / "run", probes=probe)
    assert run.folder.checkpoints.load_best().turn == 12
    assert [r["best"] for r in run.folder.read_jsonl("scores.jsonl")] == [False, True, False, True]
