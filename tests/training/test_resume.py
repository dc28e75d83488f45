"""A run that was stopped and resumed is the run that was not, bit for bit."""

import pytest
import torch

from pushforward.errors import Interrupted
from pushforward.runs import RunFolder

ALL = ["gan", "gan of pictures", "gan with dropout", "gram", "mmd_net", "mmd_net of codes", "mmd_gan"]


@pytest.mark.parametrize("precision", ["32", "bf16"])
@pytest.mark.parametrize("name", ALL)
def test_resumed_equals_uninterrupted(name, precision, make, fit, resume, stopping, same, records, tmp_path):
    game, data = make(name)
    fit(game, data, tmp_path / "whole", precision=precision)
    game, data = make(name)
    with pytest.raises(Interrupted):
        fit(stopping(game, 6), data, tmp_path / "halves", precision=precision)
    assert RunFolder(tmp_path / "halves").checkpoints.load_last().turn == 6
    resume(tmp_path / "halves", data)
    same(tmp_path / "whole", tmp_path / "halves")
    for log in ("log.jsonl", "scores.jsonl"):
        assert records(tmp_path / "whole", log) == records(tmp_path / "halves", log)


@pytest.mark.parametrize("name", ["gan", "gram"])
def test_the_best_state_is_the_same_after_a_resume(name, make, fit, resume, stopping, tmp_path):
    game, data = make(name)
    whole = fit(game, data, tmp_path / "whole")
    game, data = make(name)
    with pytest.raises(Interrupted):
        fit(stopping(game, 7), data, tmp_path / "halves")
    halves = resume(tmp_path / "halves", data)
    for weights in ("best", "last", "raw"):
        assert torch.equal(whole.draw(5, weights=weights).x, halves.draw(5, weights=weights).x)


def test_a_longer_budget_goes_on_where_the_shorter_ended(make, fit, resume, same, tmp_path):
    """Without a schedule the budget shapes nothing, so six turns and six more are twelve."""
    game, data = make("mmd_net")
    fit(game, data, tmp_path / "whole")
    game, data = make("mmd_net")
    fit(game, data, tmp_path / "parts", steps=6)
    resume(tmp_path / "parts", data, steps=12)
    same(tmp_path / "whole", tmp_path / "parts")


@pytest.mark.parametrize("name", ["gan", "gram"])
def test_probes_records_and_checkpoints_never_change_a_run(name, make, fit, state, tmp_path):
    paces = [(1, 1, 1), (5, 2, 7), (100, 100, None)]
    finals = []
    for i, (probe, log, checkpoint) in enumerate(paces):
        game, data = make(name)
        fit(game, data, tmp_path / str(i), probe_every=probe, log_every=log, checkpoint_every=checkpoint)
        finals.append({k: v for k, v in state(tmp_path / str(i)).items() if k != "best"})
    for other in finals[1:]:
        assert [k for k in other if not torch.equal(other[k], finals[0][k])] == []


def test_interrupted_before_the_first_checkpoint_it_starts_again(make, fit, resume, same, records, tmp_path, capsys):
    """A kill after some records, before any checkpoint: nothing of the first attempt may stay in the logs."""
    game, data = make("gram")
    fit(game, data, tmp_path / "whole")
    game, data = make("gram")
    step = game.step

    def dying(batch, turn):
        step(batch, turn)
        if turn.number == 3:
            raise MemoryError

    game.step = dying
    with pytest.raises(MemoryError):
        fit(game, data, tmp_path / "again", probe_every=2, log_every=1)
    assert not RunFolder(tmp_path / "again").checkpoints.has_last
    call = RunFolder(tmp_path / "again").read_yaml("call.yaml")
    call["fit"] |= {"probe_every": 3, "log_every": 2}
    RunFolder(tmp_path / "again").write_yaml("call.yaml", call)
    resume(tmp_path / "again", data)
    same(tmp_path / "whole", tmp_path / "again")
    for log in ("log.jsonl", "scores.jsonl"):
        assert records(tmp_path / "whole", log) == records(tmp_path / "again", log)


def test_logs_are_taken_back_to_the_checkpoint(make, fit, resume, records, tmp_path):
    """A kill between a checkpoint and later records."""
    game, data = make("gram")
    fit(game, data, tmp_path / "run", steps=4, checkpoint_every=4, log_every=1)
    folder = RunFolder(tmp_path / "run")
    folder.append_jsonl("log.jsonl", {"turn": 5, "player": "sampler", "loss": 7.0})
    folder.append_jsonl("scores.jsonl", {"turn": 5, "scores": {}})
    resume(tmp_path / "run", data, steps=6)
    assert 7.0 not in [r["loss"] for r in records(tmp_path / "run", "log.jsonl")]
    assert [r["turn"] for r in records(tmp_path / "run", "log.jsonl")][::2] == [1, 2, 3, 4, 5, 6]
    assert [r["turn"] for r in records(tmp_path / "run", "scores.jsonl")] == [3, 4, 6]
