"""What `fit` writes, takes, refuses and says."""

import json
from dataclasses import replace
from shutil import rmtree
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import yaml

import pushforward as pf
from pushforward.data.parts.stored import TensorPart
from pushforward.errors import Refused
from pushforward.networks import MLP
from pushforward.runs import RunFolder
from pushforward.samplers import Normal
from pushforward.tuning import Adam
from pushforward.verbs import fitting
from pushforward.verbs.call import make_game


def final(run):
    return run.folder.checkpoints.load_last().tensors["players"]


def same(a, b) -> bool:
    return all(torch.equal(a[k], b[k]) for k in a)


def test_the_same_seed_is_the_same_run_and_another_is_another(game, data, fit, tmp_path):
    runs = []
    for i, seed in enumerate((1, 1, 2)):
        torch.manual_seed(i)  # what went before does not matter
        runs.append(fit(game(), data, tmp_path / str(i), seed=seed))
    assert same(final(runs[0]), final(runs[1]))
    assert not same(final(runs[0]), final(runs[2]))


def test_the_call_that_is_written_down_makes_the_run_again(game, data, rows, fit, tmp_path):
    run = fit(game(ridge=0.01), data, tmp_path / "one", seed=5, clip_norm=1.0, average=0.9, probes="kid")
    call = yaml.safe_load((tmp_path / "one" / "call.yaml").read_text())
    assert call["recipe"] == "gram"
    assert call["arguments"]["ridge"] == 0.01
    assert call["content_hash"] == data.content_hash
    assert call["fit"] | {"steps": 4, "seed": 5, "clip_norm": 1.0, "average": 0.9} == call["fit"]
    loaded = pf.data.load(**call["data"])
    again = fit(make_game(call, loaded.space), loaded, tmp_path / "two", **call["fit"])
    assert same(final(run), final(again))


def test_every_setting_is_written_down_under_its_own_name(game, data, fit, tmp_path):
    given = {
        "steps": 2, "minutes": 7.0, "seed": 3, "precision": "32", "threads": 1, "average": 0.5, "clip_norm": 2.0,
        "probe_every": 11, "checkpoint_every": 12, "log_every": 13, "examples": False, "tensorboard": False,
        "stop_early": False, "patience": 3, "scale": "none",
    }  # fmt: skip
    fit(game(), data, tmp_path / "run", **given)
    written = yaml.safe_load((tmp_path / "run" / "call.yaml").read_text())["fit"]
    assert {name: written[name] for name in given} == given
    with pytest.raises(TypeError, match="positional"):
        fitting.Settings(2)


def test_what_is_in_the_folder(game, data, fit, tmp_path):
    fit(game(), data, tmp_path / "run", steps=6, log_every=2, probe_every=3)
    folder = tmp_path / "run"
    assert {p.name for p in folder.iterdir()} == {
        "call.yaml", "environment.json", "space.json", "codec.json", "checkpoint",
        "log.jsonl", "scores.jsonl", "diagnostics.jsonl", "kept.json", "now.png", "progress.npz",
    }  # fmt: skip
    log = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    assert [(r["turn"], r["player"]) for r in log] == [
        (turn, player) for turn in (1, 2, 4, 6) for player in ("critic", "sampler")
    ]
    assert all(set(r) == {"turn", "seconds", "player", "loss", "terms"} for r in log)
    assert [r["seconds"] for r in log] == sorted(r["seconds"] for r in log)
    scores = [json.loads(line) for line in (folder / "scores.jsonl").read_text().splitlines()]
    assert [r["turn"] for r in scores] == [3, 6]
    assert all(r["part"] == "validation" for r in scores)
    assert json.loads((folder / "space.json").read_text()) == {"kind": "Vector", "length": 2, "classes": []}
    environment = json.loads((folder / "environment.json").read_text())
    assert environment["seed"] == 0
    assert environment["versions"]["torch"] == torch.__version__


def test_folders_are_numbered_and_never_overwritten_unasked(game, data, fit, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert [str(fit(game(), data).path) for _ in range(3)] == [f"runs/gram-rows{end}" for end in ("", "-2", "-3")]
    first = (tmp_path / "runs/gram-rows/log.jsonl").read_text()
    with pytest.raises(Refused, match="run folder runs/gram-rows exists already; .*--overwrite"):
        fit(game(), data, "runs/gram-rows")
    assert (tmp_path / "runs/gram-rows/log.jsonl").read_text() == first
    (tmp_path / "runs/gram-rows/notes.txt").write_text("mine")
    run = fit(game(), data, "runs/gram-rows", overwrite=True, steps=2)
    assert run.folder.checkpoints.load_last().turn == 2
    assert (tmp_path / "runs/gram-rows/notes.txt").read_text() == "mine"
    assert fit(game(), data, overwrite=True).path.name == "gram-rows"
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("you")
    with pytest.raises(Refused, match="letters is not empty and not a run folder, so it is not overwritten"):
        fit(game(), data, "letters", overwrite=True)


def test_a_batch_larger_than_the_data_shrinks_and_says_so(game, data, fit, tmp_path, capsys):
    run = fit(game(batch_size=1000), data, tmp_path / "run", quiet=False)
    assert "The batch is 140 rows, since the training part has 140." in capsys.readouterr().err
    assert run.folder.read_yaml("call.yaml")["arguments"]["batch_size"] == 1000
    assert run.folder.read_json("environment.json")["batch_size"] == 140


def test_a_quiet_fit_says_nothing(game, data, fit, tmp_path, capsys):
    fit(game(batch_size=1000), data, tmp_path / "run")
    assert capsys.readouterr() == ("", "")


def test_the_batch_is_that_of_the_game(game, data, fit, tmp_path):
    seen = []
    made = game(batch_size=33)
    step = made.step
    made.step = lambda batch, turn: step(lambda: seen.append(len((x := batch()).x)) or x, turn)
    fit(made, data, tmp_path / "run")
    assert set(seen) == {33}


def test_a_game_that_was_trained_before_is_recorded_as_one_with_weights_of_its_own(game, data, fit, tmp_path, capsys):
    trained = game()
    fit(trained, data, tmp_path / "first", quiet=False)
    assert "weights of its own" not in capsys.readouterr().err
    whole = fit(game(), data, tmp_path / "whole", steps=8)
    again = fit(trained, data, tmp_path / "again", quiet=False)
    assert "the run begins from them" in capsys.readouterr().err
    assert yaml.safe_load((tmp_path / "again" / "call.yaml").read_text())["recipe"] is None
    with pytest.raises(Refused, match="made by hand, so its code is needed: pass game= in Python"):
        pf.load(tmp_path / "again")
    fresh = fit(game(), data, tmp_path / "fresh")
    assert not same(final(again), final(fresh))
    assert not same(final(again), final(whole)), "its optimisers and its data order begin anew"
    assert torch.equal(pf.load(tmp_path / "again", game=game()).draw(5).x, again.draw(5).x)


def test_a_run_of_the_first_format_is_read_and_continued(game, data, fit, resume, tmp_path):
    """Until then `fit` had a batch size of its own, beside a `paper_batch` of the recipe."""
    whole = fit(game(), data, tmp_path / "whole", steps=6)
    run = fit(game(), data, tmp_path / "run")
    call = run.folder.read_yaml("call.yaml")
    del call["arguments"]["batch_size"]
    old = {"version": 1, "arguments": call["arguments"] | {"paper_batch": 100}, "fit": call["fit"] | {"batch_size": 8}}
    run.folder.write_yaml("call.yaml", call | old)
    assert pf.load(tmp_path / "run").game.batch_size == 8
    assert same(final(resume(tmp_path / "run", steps=6)), final(whole))


def test_too_few_rows_are_refused(game, data, fit, tmp_path):
    def few(n: int) -> TensorPart:
        return TensorPart(torch.randn(n, 2))

    small = replace(data, train=few(13), validation=few(3), test=few(3))
    with pytest.raises(Refused, match="fit needs at least 20 rows, got 19; give it more data"):
        fit(game(), small, tmp_path / "run")
    with pytest.raises(Refused, match="the validation part.* must have at least 4 rows, got 3 of 20"):
        fit(game(), replace(small, test=few(4)), tmp_path / "run")
    assert not (tmp_path / "run").exists()
    assert fit(game(), replace(small, validation=few(4)), tmp_path / "run").path.exists()


def test_a_game_for_other_data_is_refused(data, fit, tmp_path):
    other = pf.recipes.gram(pf.spaces.Vector(3), MLP((4,)))
    with pytest.raises(
        Refused, match=r"made for Vector\(length=3.*the data are Vector\(length=2.*make it from data.space"
    ):
        fit(other, data, tmp_path / "run")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"steps": 0}, "--steps must be at least 1, got 0"),
        ({"steps": None, "minutes": 0.0}, "--minutes must be positive"),
        ({"probe_every": 0}, "--probe_every must be at least 1"),
        ({"checkpoint_every": -1}, "--checkpoint_every must be at least 1"),
        ({"log_every": 0}, "--log_every must be at least 1"),
        ({"threads": 0}, "--threads must be at least 1"),
        ({"average": 1.0}, r"--average must lie in \[0, 1\)"),
        ({"clip_norm": 0.0}, "--clip_norm must be positive"),
        ({"device": "tpu"}, "--device must be auto, cpu or cuda, got 'tpu'"),
    ],
)
def test_settings_that_cannot_be_leave_no_folder_behind(settings, said, game, data, fit, tmp_path):
    with pytest.raises(Refused, match=said):
        fit(game(), data, tmp_path / "run", **settings)
    assert not (tmp_path / "run").exists()


def test_a_batch_of_none_leaves_no_folder_behind(game, data, fit, tmp_path):
    with pytest.raises(Refused, match="--batch_size must be at least 1, got 0"):
        fit(game(batch_size=0), data, tmp_path / "run")
    assert not (tmp_path / "run").exists()


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_a_device_that_is_not_there_is_refused(game, data, fit, tmp_path):
    with pytest.raises(Refused, match="torch finds no CUDA device here; use --device cpu"):
        fit(game(), data, tmp_path / "run", device="cuda")


def test_a_budget_in_minutes_ends(game, data, fit, tmp_path):
    run = fit(game(), data, tmp_path / "run", steps=None, minutes=0.002, probe_every=10**6)
    last = run.folder.checkpoints.load_last()
    assert last.turn >= 1
    assert last.state["seconds"] >= 0.12


def test_without_a_budget_it_is_five_thousand_turns():
    assert fitting.Settings().budget.steps == 5000
    assert fitting.Settings(minutes=1.0).budget.steps is None


def test_about_two_hundred_records_and_twenty_probes():
    pace = fitting.Settings(steps=10_000).pace
    assert (pace.log_every, pace.probe_every) == (50, 500)
    assert fitting.Settings(steps=3).pace.log_every == 1


def test_probes_and_verdict_see_samples_of_other_noise(game, data, fit, tmp_path):
    """The state was chosen by what the probes saw: were it judged by the same draws, the verdict would be flattered."""
    seen = []

    def probe(x, y):
        seen.append(y)
        return SimpleNamespace(value=1.0, stderr=None, better="lower")

    run = fit(game(), data, tmp_path / "run", probes={"p": probe}, probe_every=4)
    judged = run.draw(len(seen[-1]), seed=0, weights="last").x
    assert not (judged.unsqueeze(1) == seen[-1]).all(2).any()


def test_a_run_killed_while_it_was_judged_is_judged_on_resume(game, data, fit, resume, tmp_path):
    run = fit(game(), data, tmp_path / "run", verdict=True)
    whole, log = run.folder.verdict.read_bytes(), (run.path / "log.jsonl").read_bytes()
    for name in ("verdict.json", "report.html", "samples.npy", "panels.npz"):  # what judging leaves, in its order
        (run.path / name).unlink()
    resume(run.path)
    assert run.folder.verdict.read_bytes() == whole
    assert (run.path / "report.html").exists()
    assert (run.path / "log.jsonl").read_bytes() == log
    judged = run.folder.verdict.stat().st_mtime_ns
    resume(run.path)
    assert run.folder.verdict.stat().st_mtime_ns == judged, "a finished run is not judged again"


def test_a_longer_budget_judges_again(game, data, fit, resume, tmp_path):
    run = fit(game(), data, tmp_path / "run", verdict=True)
    before = run.folder.read_json("verdict.json")["scores"]
    resume(run.path, steps=60)
    assert run.folder.read_json("verdict.json")["scores"] != before


@pytest.mark.parametrize(
    ("recipe", "options", "seen"),
    [("gram", {}, "critic"), ("mmd_net", {}, None), ("mmd_net", {"code_dim": 3, "autoencoder_steps": 2}, "codes")],
    ids=["critic", "kernel alone", "codes"],
)
def test_the_verdict_of_a_small_run(recipe, options, seen, data, fit, tmp_path):
    """Everything that a judged run leaves, once through."""
    make = getattr(pf.recipes, recipe)
    run = fit(make(data.space, MLP((8,)), noise=Normal(3), **options), data, tmp_path / "run", verdict=True)
    left = {p.name for p in (tmp_path / "run").iterdir()}
    assert {"verdict.json", "panels.npz", "report.html", "samples.npy"} <= left
    assert run.verdict["n_real"] == run.verdict["n_fake"] == 30
    assert 0 < run.verdict["tests"]["two-sample"]["p_value"] <= 1
    assert np.load(tmp_path / "run" / "samples.npy").shape == (30, 2)
    with np.load(tmp_path / "run" / "panels.npz") as panels:
        assert np.array_equal(panels["data_examples"], data.codec.decode(data.test.all()))
        assert [name for name in panels if name.endswith("view_data")] == ([f"{seen}_view_data"] if seen else [])
    titles = {"critic": "The critic&#x27;s space", "codes": "The space of codes"}
    page = (tmp_path / "run" / "report.html").read_text()
    assert {view for view, title in titles.items() if title in page} == ({seen} if seen else set())


def test_without_examples_no_data_stay_in_the_folder(game, data, fit, tmp_path):
    fit(game(), data, tmp_path / "run", verdict=True, examples=False)
    assert not (tmp_path / "run" / "panels.npz").exists()


def test_a_run_may_start_from_what_another_hands_over(game, data, fit, tmp_path):
    """At rates of nothing it hands over the same sampler; the first run's critic is not taken."""
    first = fit(game(), data, tmp_path / "first", average=0.0)
    still = game()
    still.tune = {name: Adam(1e-30) for name in still.tune}
    second = fit(still, data, tmp_path / "second", seed=9, average=0.0, warm_start=tmp_path / "first")
    best, gone_on = (run.folder.checkpoints.load_best().tensors["average"] for run in (first, second))
    assert same(best, gone_on)
    assert not same(final(first), final(second))


def test_the_start_of_a_run_is_built_as_the_run(game, data, fit, tmp_path):
    fit(game(), data, tmp_path / "first")
    with pytest.raises(
        Refused, match=r"--warm_start .*first holds a sampler that is built otherwise than this one: .* there"
    ):
        fit(game(network=MLP((7,))), data, tmp_path / "second", warm_start=tmp_path / "first")
    with pytest.raises(Refused, match="nowhere"):
        fit(game(), data, tmp_path / "third", warm_start=tmp_path / "nowhere")
    with pytest.raises(Refused, match="is the run itself, which would be replaced"):
        fit(game(), data, tmp_path / "first", overwrite=True, warm_start=tmp_path / "first")
    assert (tmp_path / "first" / "call.yaml").exists()


def test_a_started_run_goes_on_without_the_run_that_it_came_from(game, data, fit, resume, tmp_path):
    fit(game(), data, tmp_path / "first")
    fit(game(), data, tmp_path / "second", warm_start=tmp_path / "first")
    rmtree(tmp_path / "first")
    resume(tmp_path / "second", steps=6)
    assert RunFolder(tmp_path / "second").checkpoints.load_last().turn == 6
