"""A run that was stopped and resumed is the run that was not, bit for bit."""

import json
import shutil
from hashlib import sha256
from types import SimpleNamespace

import pytest
import torch

import pushforward as pf
from pushforward.errors import Interrupted, Refused
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
        finals.append({k: v for k, v in state(tmp_path / str(i)).items() if not k.startswith("choice/")})
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


def dying(game, turn: int):
    """A game whose process runs out of memory in turn number `turn`, counted from 0."""
    step = game.step

    def stepped(batch, t):
        if t.number == turn:
            raise MemoryError
        step(batch, t)

    game.step = stepped
    return game


def getting_better():
    """A probe that finds every state better than the one before."""
    values = iter(range(100, 0, -1))
    return {"p": lambda x, y: SimpleNamespace(value=float(next(values)), stderr=None, better="lower")}


def test_a_best_state_that_is_later_than_the_checkpoint_is_taken_back(make, fit, tmp_path):
    """A checkpoint after turn 4, probes after 3 and 6, the end during turn 8: what was best at 6 is not at 4."""
    game, data = make("gram")
    with pytest.raises(MemoryError):
        fit(dying(game, 7), data, tmp_path / "run", probes=getting_better())
    saved = RunFolder(tmp_path / "run").checkpoints
    assert (saved.load_last().turn, saved.load_best().turn) == (4, 6)
    early = pf.load(tmp_path / "run").draw(5).x
    saved.take_back()
    assert (saved.load_last().turn, saved.load_best().turn) == (4, 3)
    assert not torch.equal(pf.load(tmp_path / "run").draw(5).x, early)
    saved.take_back()
    assert saved.load_best().turn == 3
    # with another budget and a probe that finds nothing better, the best state is that of turn 3
    probes = {"p": lambda x, y: SimpleNamespace(value=1000.0, stderr=None, better="lower")}
    run = pf.resume(tmp_path / "run", data=data, quiet=True, probes=probes, steps=7)
    assert run.folder.checkpoints.load_best().turn == 3
    assert sorted(p.name for p in (tmp_path / "run" / "checkpoint").iterdir()) == [
        "best",
        "last",
        "turn-000003",
        "turn-000007",
    ]


def test_a_best_state_before_the_first_checkpoint_is_taken_back(make, fit, resume, tmp_path):
    game, data = make("gram")
    with pytest.raises(MemoryError):
        fit(dying(game, 3), data, tmp_path / "run", checkpoint_every=100)
    saved = RunFolder(tmp_path / "run").checkpoints
    assert (saved.has_last, saved.has_best) == (False, True)
    saved.take_back()
    assert not saved.has_best
    assert resume(tmp_path / "run", data).folder.checkpoints.has_best


def test_what_older_versions_did_not_say_of_the_best_state_follows_from_the_turns(make, fit, tmp_path):
    def taken_back(turn):
        """What is left of a run of an older version that dies in that turn."""
        game, data = make("gram")
        with pytest.raises(MemoryError):
            fit(dying(game, turn), data, tmp_path / str(turn), probes=getting_better())
        folder = RunFolder(tmp_path / str(turn)).checkpoints
        without_the_word(folder)
        folder.take_back()
        return folder

    assert not taken_back(7).has_best, "that of turn 3 was not kept by an older version"
    assert taken_back(5).load_best().turn == 3


def without_the_word(saved):
    """Makes the last checkpoint one of an older version."""
    folder = saved.path / (saved.path / "last").read_text().strip()
    content = json.loads((folder / "state.json").read_text())
    del content["best"]
    (folder / "state.json").write_text(json.dumps(content))
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["state.json"] = sha256((folder / "state.json").read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize("act", ["logging", "probing", "saving", "ending", "telling"])
def test_a_run_whose_folder_is_deleted_ends_with_the_next_write_and_is_not_made_again(act, make, fit, tmp_path):
    paces = {
        "logging": {"log_every": 1},
        "probing": {"probe_every": 6},
        "saving": {"checkpoint_every": 6},
        "ending": {"examples": False},  # else the look at turn 10 is the next write
        "telling": {"log_every": 3, "tensorboard": True},
    }
    game, data = make("gram")
    step, turns = game.step, []

    def stepped(batch, t):
        step(batch, t)
        turns.append(t.number)
        if t.number == 5:
            shutil.rmtree(tmp_path / "run")

    game.step = stepped
    never = {"log_every": 100, "probe_every": 100, "checkpoint_every": 100}
    with pytest.raises(Refused, match=r"run folder .*run was deleted, or replaced .*start it again\."):
        fit(game, data, tmp_path / "run", **never | paces[act])
    assert not (tmp_path / "run").exists()
    assert len(turns) == (12 if act == "ending" else 6)


def test_events_are_not_written_through_a_link(make, fit, tmp_path):
    (tmp_path / "victim").mkdir()
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "call.yaml").write_text("version: 2")
    (tmp_path / "run" / "tensorboard").symlink_to("../victim")
    game, data = make("gram")
    with pytest.raises(Refused, match="tensorboard is a link"):
        fit(game, data, tmp_path / "run", overwrite=True, tensorboard=True)
    assert list((tmp_path / "victim").iterdir()) == []


def test_a_checkpoint_of_samples_alone_is_no_place_to_go_on_from(make, fit, resume, tmp_path):
    game, data = make("gram")
    fit(game, data, tmp_path / "run")
    shutil.copy(tmp_path / "run/checkpoint/best", tmp_path / "run/checkpoint/last")
    with pytest.raises(Refused, match="holds what samples are drawn from, and not what a run goes on from"):
        resume(tmp_path / "run", data)
