"""What `resume` needs, says and refuses; that it continues bit for bit is tested with the training."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

import pushforward as pf
from pushforward.cli import main
from pushforward.discrepancies import MMD
from pushforward.errors import Refused
from pushforward.games import Matching
from pushforward.kernels import Gaussian
from pushforward.metrics import Score
from pushforward.networks import MLP
from pushforward.runs import FORMAT, RunFolder
from pushforward.samplers import Normal, Pushforward
from pushforward.tuning import SGD


def test_it_needs_nothing_but_the_folder(game, data, fit, resume, tmp_path):
    fit(game(), data, tmp_path / "run")
    run = resume(tmp_path / "run", steps=7)
    assert run.folder.checkpoints.load_last().turn == 7
    assert run.folder.read_yaml("call.yaml")["fit"]["steps"] == 7


def test_a_critic_that_an_older_run_called_discrepancy_goes_on_and_is_called_critic(tmp_path):
    run = shutil.copytree(Path(__file__).parent / "data" / "older-run", tmp_path / "older")
    kept = RunFolder(run).checkpoints.load_last().tensors["optimizers"]
    assert {key.split("/")[0] for key in kept} == {"discrepancy", "sampler"}
    went_on = pf.resume(run, steps=4, quiet=True).folder.checkpoints.load_last().tensors["optimizers"]
    assert {key.split("/")[0] for key in went_on} == {"critic", "sampler"}
    # its recipe plays a hundred steps of the critic in each of the first turns
    assert went_on["critic/0/step"] == kept["discrepancy/0/step"] + 100
    assert (run / "call.yaml").read_text().startswith(f"version: {FORMAT}\n")
    log = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    assert [r["player"] for r in log] == ["discrepancy", "sampler"] * 3 + ["critic", "sampler"]
    page = pf.report([run], out=tmp_path / "page.html").read_text()
    assert "loss of the critic" in page
    assert "loss of the discrepancy" not in page


def as_until_format_4(folder, conditional):
    """Let a run's call say what earlier ones said: whether labels are taken was the network's option."""
    call = folder.read_yaml("call.yaml")
    call["version"] = 4
    del call["arguments"]["conditional"]
    call["arguments"]["network"]["init_args"]["conditional"] = conditional
    folder.write_yaml("call.yaml", call)


@pytest.mark.parametrize("conditional", [True, False])
def test_a_network_that_an_older_run_called_conditional_is_opened_continued_and_repeated(conditional, fit, tmp_path):
    x = np.random.default_rng(0).normal(size=(60, 2)).astype("float32")
    np.savez(tmp_path / "x.npz", samples=x, labels=np.arange(60) % 3)
    data = pf.data.load(tmp_path / "x.npz")
    run = fit(
        pf.recipes.gan(data.space, MLP((4,)), conditional=conditional, batch_size=8),
        data,
        tmp_path / "run",
        probes="energy",
    )
    before = run.draw(5)
    as_until_format_4(run.folder, conditional)
    opened = pf.load(run.path)
    assert opened.game.sampler.classes == (3 if conditional else 0)
    assert torch.equal(opened.draw(5).x, before.x)
    assert main(["fit", "--config", str(run.path / "call.yaml"), "--run", str(tmp_path / "again")]) == 0
    assert torch.equal(pf.load(tmp_path / "again").draw(5).x, before.x)
    pf.resume(run.path, steps=6, quiet=True)
    call = run.folder.read_yaml("call.yaml")
    assert call["version"] == FORMAT
    assert call["arguments"]["conditional"] is conditional
    assert "conditional" not in call["arguments"]["network"]["init_args"]


def test_the_optimiser_of_a_critic_that_an_older_run_called_projection_goes_on(game, data, fit, resume, tmp_path):
    fit(game(), data, tmp_path / "whole", steps=6)
    run = fit(game(), data, tmp_path / "older", steps=4)
    checkpoints = run.folder.checkpoints
    last = checkpoints.load_last()
    optimizers = {key.replace("critic/", "projection/"): value for key, value in last.tensors["optimizers"].items()}
    assert optimizers.keys() != last.tensors["optimizers"].keys()
    checkpoints.save_last(last.turn, last.tensors | {"optimizers": optimizers}, last.state)
    resume(run.path, steps=6)
    one, two = (pf.load(tmp_path / name).draw(5, weights="raw").x for name in ("whole", "older"))
    assert torch.equal(one, two)


def test_a_finished_run_says_so_and_changes_nothing(game, data, fit, resume, tmp_path, capsys):
    fit(game(), data, tmp_path / "run")
    before = {p: p.read_bytes() for p in (tmp_path / "run").rglob("*") if p.is_file()}
    run = resume(tmp_path / "run", quiet=False)
    assert "is finished, after 4 turns; --steps or --minutes give it more" in capsys.readouterr().err
    assert {p: p.read_bytes() for p in (tmp_path / "run").rglob("*") if p.is_file()} == before
    assert run.draw(3).x.shape == (3, 2)


def test_fewer_turns_than_are_done_leave_a_finished_run(game, data, fit, resume, tmp_path):
    fit(game(), data, tmp_path / "run")
    assert resume(tmp_path / "run", steps=2).folder.checkpoints.load_last().turn == 4


def test_changed_data_are_refused(game, data, rows, fit, resume, tmp_path):
    fit(game(), data, tmp_path / "run")
    changed = np.load(rows)
    changed[7, 1] += 1e-3
    np.save(rows, changed)
    with pytest.raises(Refused, match="the data have changed since the run began.*restore them, or begin a new run"):
        resume(tmp_path / "run", steps=6)
    assert pf.load(tmp_path / "run").folder.checkpoints.load_last().turn == 4


def test_data_that_moved_are_the_same_data(game, data, rows, fit, resume, tmp_path):
    fit(game(), data, tmp_path / "run")
    rows.rename(tmp_path / "elsewhere.npy")
    run = resume(tmp_path / "run", steps=6, data=tmp_path / "elsewhere.npy")
    assert run.folder.checkpoints.load_last().turn == 6


def test_data_that_lived_only_in_memory_are_asked_for(fit, resume, tmp_path):
    array = np.random.default_rng(0).normal(size=(100, 2)).astype("float32")
    data = pf.data.load(array)
    fit(pf.recipes.mmd_net(data.space, pf.networks.MLP((4,))), data, tmp_path / "run")
    with pytest.raises(Refused, match="lived only in memory; pass data= in Python"):
        resume(tmp_path / "run", steps=6)
    assert resume(tmp_path / "run", steps=6, data=array).folder.checkpoints.load_last().turn == 6
    with pytest.raises(Refused, match="the data have changed"):
        resume(tmp_path / "run", steps=8, data=array + 1)


def by_hand(data) -> Matching:
    torch.manual_seed(0)
    return Matching(data.space, Pushforward(nn.Linear(3, 2), Normal(3)), MMD())


def test_a_game_made_by_hand_is_asked_for(data, fit, resume, tmp_path):
    fit(by_hand(data), data, tmp_path / "whole", steps=6)
    fit(by_hand(data), data, tmp_path / "run")
    for verb in (lambda: resume(tmp_path / "run", steps=6), lambda: pf.load(tmp_path / "run")):
        with pytest.raises(Refused, match="made by hand, so its code is needed: pass game= in Python"):
            verb()
    run = resume(tmp_path / "run", steps=6, game=by_hand(data))
    whole = pf.load(tmp_path / "whole", game=by_hand(data))
    assert torch.equal(run.draw(5).x, whole.draw(5).x)


def test_what_is_no_run_is_refused(rows, resume, tmp_path):
    (tmp_path / "empty").mkdir()
    for path, said in (("nowhere", "does not exist"), ("empty", "is not a run folder"), ("rows.npy", "is a file")):
        with pytest.raises(Refused, match=said):
            resume(tmp_path / path)


@pytest.mark.parametrize("damage", ["players.safetensors", "optimizers.safetensors", "state.json", "manifest.json"])
def test_a_damaged_checkpoint_is_refused_by_name_and_nothing_is_lost(damage, game, data, fit, resume, tmp_path):
    fit(game(), data, tmp_path / "run")
    last = (tmp_path / "run" / "checkpoint" / "last").read_text().strip()
    path = tmp_path / "run" / "checkpoint" / last / damage
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(Refused, match=damage):
        resume(tmp_path / "run", steps=6)
    path.write_bytes(content)
    assert resume(tmp_path / "run", steps=6).folder.checkpoints.load_last().turn == 6


def test_a_run_that_a_newer_program_made_is_refused(game, data, fit, resume, tmp_path):
    run = fit(game(), data, tmp_path / "run")
    run.folder.write_yaml("call.yaml", run.folder.read_yaml("call.yaml") | {"version": 99})
    with pytest.raises(Refused, match="format 99"):
        resume(tmp_path / "run")


def with_batch_norm(space) -> Matching:
    g = nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 2))
    return Matching(space, Pushforward(g, Normal(3)), MMD(Gaussian(1.0)), SGD(0.1), batch_size=8)


def test_a_game_that_was_judged_goes_on_in_training_mode(data, fit, resume, tmp_path):
    """Batch norm counts its batches in training mode alone."""
    made = with_batch_norm(data.space)
    for done in (4, 8):
        run = fit(made, data, tmp_path / f"run{done}", verdict=done == 4)
        run.draw(5)
        made.eval()
        assert made.sampler.network[1].num_batches_tracked == done
    resume(tmp_path / "run8", game=made, steps=6)
    assert made.sampler.network[1].num_batches_tracked == 10


def test_a_recipe_with_a_frozen_layer_is_recorded_as_one_made_by_hand(game, data, fit, resume, tmp_path):
    made = game()
    made.sampler.network[0].requires_grad_(False)
    run = fit(made, data, tmp_path / "run")
    assert "made_by_hand" in run.folder.read_yaml("call.yaml")
    with pytest.raises(Refused, match="the checkpoint's optimiser knows other parameters than the game has"):
        resume(tmp_path / "run", game=game(), steps=8)
    resume(tmp_path / "run", game=made, steps=8)


def test_the_same_data_split_otherwise_are_refused(game, fit, resume, tmp_path):
    x = np.random.default_rng(0).normal(size=(100, 2)).astype("float32")
    fit(game(), pf.data.load(x, seed=1), tmp_path / "run")
    with pytest.raises(Refused, match="split otherwise than when the run began"):
        resume(tmp_path / "run", data=pf.data.load(x), steps=8)
    resume(tmp_path / "run", data=pf.data.load(x, seed=1), steps=8)


def test_a_probe_that_draws_changes_no_run(game, data, fit, tmp_path):
    def drawing(x, y):
        return Score("drawing", torch.rand(()).item())

    ends = []
    for every in (1, 4):
        run = fit(game(), data, tmp_path / f"run{every}", probes={"p": drawing}, probe_every=every)
        ends.append(run.draw(5, weights="raw").x)
    assert torch.equal(*ends)
