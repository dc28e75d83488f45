"""`fit`: options to a run folder, files of options, the user's own code, and runs that go on."""

import json
import shutil
import subprocess
import sys

import pytest
import yaml

TINY = ("--data", "ring", "--steps", 2, "--no-verdict", "--quiet")


def call(path):
    return yaml.safe_load((path / "call.yaml").read_text())


def weights(path):
    return {p.relative_to(path): p.read_bytes() for p in sorted(path.glob("checkpoint/*/*.safetensors"))}


def test_a_judged_run_speaks_on_standard_output(shell, finished):
    table = finished.parent / "table.csv"
    answer = shell("fit", "gan", "--data", table, "--steps", 3, "--run", "here")
    assert answer.code == 0
    *words, path = answer.out.splitlines()
    assert path == "here"
    few, grade, state, measured, *_ = (line.partition(" ")[0] for line in words)  # what few rows leave open comes first
    assert (few, state, measured) == ("9", "Turn", "Measured")
    assert grade in ("Broken:", "Clearly", "Recognisable:", "Close:", "Hardly", "Not")
    assert "split by seed" in answer.err


def test_quiet_is_quiet_and_the_result_is_json(shell, finished):
    table = finished.parent / "table.csv"
    answer = shell("fit", "gan", "--data", table, "--steps", 3, "--quiet", "--json")
    assert answer.err == ""
    found = json.loads(answer.out)
    assert found["run"] == "runs/gan-table"
    assert found["verdict"]["version"] == 4


def test_options_reach_recipe_data_and_run(shell, tmp_path):
    argv = ["--network", "MLP", "--network.widths", "[8,8]", "--noise.dim", 3, "--saturating", "--split", "80/10/10"]
    answer = shell("fit", "gan", *TINY, *argv, "--batch-size", "16", "--run", "here")
    assert answer.code == 0, answer.err
    made = call(tmp_path / "here")
    assert made["arguments"]["network"]["init_args"]["widths"] == [8, 8]
    assert made["arguments"]["noise"]["init_args"]["dim"] == 3
    assert made["arguments"]["saturating"] is True
    assert made["data"] == {"spec": "ring", "split": "80/10/10"}
    assert (made["arguments"]["batch_size"], made["fit"]["steps"], made["fit"]["verdict"]) == (16, 2, False)
    assert made["command"].startswith("pushforward fit gan --data ring --steps 2 --no-verdict")


@pytest.mark.parametrize(("argv", "lr", "betas", "batch"), [
    ([], 1e-3, [0.5, 0.999], 64),
    (["--paper"], 2e-4, [0.5, 0.999], 100),
    (["--paper", "true", "--tune.lr", "3e-3"], 3e-3, [0.5, 0.999], 100),
    (["--tune.betas", "[0,0.9]", "--paper=true", "--batch_size", "64"], 2e-4, [0, 0.9], 64),
    (["--paper", "--no-paper"], 1e-3, [0.5, 0.999], 64),
])  # fmt: skip
def test_the_papers_numbers_stand_in_for_options_that_are_not_given(shell, tmp_path, argv, lr, betas, batch):
    """Radford et al. (2016) have the rate 2e-4, Goodfellow et al. (2014) batches of 100."""
    answer = shell("fit", "gan", *TINY, *argv, "--to", "a")
    assert answer.code == 0, answer.err
    made = call(tmp_path / "a")["arguments"]
    assert (made["tune"]["init_args"]["lr"], made["tune"]["init_args"]["betas"]) == (lr, betas)
    assert made["batch_size"] == batch
    assert shell("fit", "--config", "a/call.yaml", "--run", "b", "--quiet").code == 0
    assert call(tmp_path / "b")["arguments"] == made
    assert weights(tmp_path / "a") == weights(tmp_path / "b")


def test_a_model_of_the_paper_is_asked_for_by_its_name(shell, refused, tmp_path):
    argv = ("fit", "ade", *TINY, "--widths", "[8]", "--layers", "2")
    for n, asked in enumerate((["--paper", "v2"], ["--paper=v2"])):
        answer = shell(*argv, *asked, "--to", n)
        assert answer.code == 0, answer.err
        made = call(tmp_path / str(n))["arguments"]
        assert (made["paper"], made["maps"], made["scales"], made["layers"]) == ("v2", 2, 2, 2)
    (tmp_path / "a.yaml").write_text("recipe: ade\npaper: v2\n")
    assert shell("fit", "--config", "a.yaml", *TINY, "--to", "file").code == 0
    assert call(tmp_path / "file")["arguments"]["maps"] == 2
    words = "must be true, false, v1 or v2, got 'v3'"
    assert f"--paper {words}" in refused(*argv, "--paper", "v3")
    assert f"--paper of ade {words}" in refused(*argv, "--paper=v3")
    assert "--paper must be true or false, got 'v2'" in refused("fit", "gan", *TINY, "--paper", "v2")


def test_a_file_may_ask_for_the_papers_numbers(shell, tmp_path):
    (tmp_path / "a.yaml").write_text("recipe: gan\npaper: true\nbatch_size: 5\n")
    assert shell("fit", "--config", "a.yaml", *TINY, "--to", "a").code == 0
    made = call(tmp_path / "a")["arguments"]
    assert (made["tune"]["init_args"]["lr"], made["batch_size"]) == (2e-4, 5)


@pytest.mark.parametrize("recipe", ["gram", "mmd-gan", "mmd_net"])
def test_every_recipe_runs(shell, tmp_path, recipe):
    answer = shell("fit", recipe, *TINY, "--data", "digits", "--batch_size", 20)
    assert answer.code == 0, answer.err
    assert (tmp_path / "runs" / f"{recipe.replace('_', '-')}-digits" / "call.yaml").exists()


def test_a_taken_name_is_numbered_and_a_named_run_is_kept(shell, refused):
    assert [shell("fit", "gan", *TINY).out.strip() for _ in range(2)] == ["runs/gan-ring", "runs/gan-ring-2"]
    said = refused("fit", "gan", *TINY, "--run", "runs/gan-ring")
    assert said.endswith("exists already; choose another with --run, or pass --overwrite.")
    assert shell("fit", "gan", *TINY, "--run", "runs/gan-ring", "--overwrite").code == 0


def test_to_is_another_name_of_run(shell, refused, tmp_path):
    assert shell("fit", "gan", *TINY, "--to", "a").out.split()[-1] == "a"
    assert shell("fit", "gan", *TINY, "--to=b").out.split()[-1] == "b"
    assert (tmp_path / "a" / "call.yaml").is_file()
    assert refused("fit", "gan", *TINY, "--to", "a", "--run", "b") == "--to is another name of --run; give one of them."
    assert "a exists already" in refused("fit", "gan", *TINY, "--to", "a")
    assert "--run, --to" in shell("fit", "gan", "--help").out
    assert refused("score", "ring", "ring", "--to", "a").startswith("score has no option --to; ")


def test_torchrun_leaves_every_option_of_fit_alone_but_one_that_has_another_name():
    """It looks at the options behind the program's name too, and refuses what might be short for two of its own."""
    from torch.distributed.run import get_args_parser

    from pushforward.cli import grammar
    from pushforward.index import entries

    names = {o.name for entry in entries("recipes") for o in grammar.options("fit", entry)}
    names |= {f"no-{name}" for name in names} | set(grammar.SYNONYMS)
    taken = set()
    for name in names:
        for argument in ([f"--{name}", "x"], [f"--{name}=x"], [f"--{name.replace('_', '-')}", "x"]):
            line = ["-m", "pushforward", "fit", "gan", *argument]
            try:
                assert get_args_parser().parse_args(line).training_script_args == line[2:]
            except SystemExit:
                taken.add(name)
    assert taken == {"run"}
    assert "run" in grammar.SYNONYMS.values()


def test_print_config_is_read_back_and_the_command_line_wins(shell, tmp_path):
    options = ("--noise", "Normal", "--noise.dim", 3, "--tune.decay", "Cosine", "--critic_steps", 2)
    printed = shell("fit", "gan", *TINY, *options, "--print_config")
    assert printed.code == 0
    assert not (tmp_path / "runs").exists()
    (tmp_path / "run.yaml").write_text(printed.out)
    assert shell("fit", "gan", *TINY, *options, "--run", "a").code == 0
    assert shell("fit", "--config", "run.yaml", "--run", "b").code == 0
    assert shell("fit", "gan", "--config=run.yaml", "--run", "c", "--noise.dim", 4).code == 0
    a, b, c = (call(tmp_path / name) for name in "abc")
    assert (a["arguments"], a["fit"], a["data"]) == (b["arguments"], b["fit"], b["data"])
    assert weights(tmp_path / "a") == weights(tmp_path / "b") != {}
    assert c["arguments"]["noise"]["init_args"]["dim"] == 4


def test_the_record_of_a_run_makes_it_again(shell, tmp_path):
    assert shell("fit", "gan", *TINY, "--noise", "Normal", "--seed", 5, "--run", "a").code == 0
    assert shell("fit", "--config", "a/call.yaml", "--run", "b", "--quiet").code == 0
    assert shell("fit", "gan", "--config", "a/call.yaml", "--run", "c", "--steps", 3, "--quiet").code == 0
    a, b, c = (call(tmp_path / name) for name in "abc")
    assert {k: v for k, v in a.items() if k != "command"} == {k: v for k, v in b.items() if k != "command"}
    assert weights(tmp_path / "a") == weights(tmp_path / "b") != {}
    assert c["fit"] == a["fit"] | {"steps": 3}


def test_probes_and_rules_are_options_like_any_other(shell, refused, tmp_path):
    rule = ("--lr_rule", "ThreeSampleRule", "--lr_rule.every", 1, "--lr_rule.factor", 0.8, "--stop_early")
    answer = shell("fit", "gan", *TINY, "--probes", "kid,prdc", "--probe-features", "identity", *rule, "--run", "a")
    assert answer.code == 0, answer.err
    assert shell("fit", "--config", "a/call.yaml", "--run", "b").code == 0
    a, b = (call(tmp_path / name)["fit"] for name in "ab")
    assert a == b
    assert (a["probes"], a["stop_early"]) == ("kid,prdc", True)
    assert a["lr_rule"]["init_args"] | {"every": 1, "factor": 0.8, "patience": 3} == a["lr_rule"]["init_args"]
    lines = [json.loads(line) for line in (tmp_path / "b" / "log.jsonl").read_text().splitlines()]
    assert [r["turn"] for r in lines if "check" in r] == [1, 2]
    assert "did you mean 'kid'" in refused("fit", "gan", *TINY, "--probes", "kidd")


MINE = '''
from dataclasses import dataclass
import torch
from pushforward.kernels import Gaussian, Kernel
from pushforward.recipes import mmd_net


@dataclass(frozen=True)
class Cosine(Kernel):
    """cos ∠(x, y).

    Args:
        eps: against division by zero.
    """

    eps: float = 1e-6

    def __call__(self, x, y):
        return torch.nn.functional.cosine_similarity(x[:, None], y[None], dim=-1, eps=self.eps)


def small(space, width: int = 8):
    """A small net.

    Args:
        width: of its only layer.
    """
    from pushforward.networks import MLP

    return mmd_net(space, network=MLP((width,)), kernel=Gaussian(1.0))


def points():
    return torch.randn(50, 2, generator=torch.Generator().manual_seed(0)).numpy()
'''


def test_a_kernel_of_the_users_own(shell, tmp_path):
    (tmp_path / "plug_kernel.py").write_text(MINE)
    answer = shell("fit", "gram", *TINY, "--kernel", "plug_kernel.Cosine", "--kernel.eps", 0.001, "--run", "here")
    assert answer.code == 0, answer.err
    assert call(tmp_path / "here")["arguments"]["kernel"] == {
        "class_path": "plug_kernel.Cosine",
        "init_args": {"eps": 0.001},
    }


def test_a_recipe_and_data_of_the_users_own(shell, tmp_path):
    (tmp_path / "plug_recipe.py").write_text(MINE)
    page = shell("fit", "plug_recipe.small", "--help").out
    assert "--width" in page
    assert "of its only layer (default: 8)" in page
    fit = ("fit", "plug_recipe.small", *TINY, "--data", "plug_recipe.points", "--width", 4)
    answer = shell(*fit, "--run", "here")
    assert answer.code == 0, answer.err
    assert call(tmp_path / "here")["recipe"] == "plug_recipe.small"
    assert shell("sample", "here", "-n", 3, "--out", "more.npy", "--trust", "plug_recipe").code == 0
    assert shell("fit", "--resume", "here", "--steps", 4, "--trust=plug_recipe").code == 0


def test_a_finished_run_says_so(shell, run):
    answer = shell("fit", "--resume", run)
    assert answer.code == 0
    assert "is finished, after 5 turns" in answer.err
    assert answer.out.splitlines()[-1] == str(run)


def test_a_finished_run_takes_more_turns(shell, run):
    answer = shell("fit", f"--resume={run}", "--steps", 7, "--json")
    assert answer.code == 0
    assert json.loads(answer.out)["verdict"]["version"] == 4
    assert call(run)["fit"]["steps"] == 7
    assert json.loads((run / "log.jsonl").read_text().splitlines()[-1])["turn"] == 7


def test_a_run_killed_before_its_first_checkpoint_starts_again(shell, run):
    before = weights(run)
    shutil.rmtree(run / "checkpoint")
    for name in ("log.jsonl", "scores.jsonl", "verdict.json", "report.html"):
        (run / name).unlink()
    answer = shell("fit", "--resume", run)
    assert answer.code == 0
    assert "it starts again" in answer.err
    assert weights(run) == before != {}


@pytest.mark.slow
def test_of_two_processes_one_speaks(tmp_path):
    program = [sys.executable, "-m", "torch.distributed.run", "--nproc_per_node", "2", "-m", "pushforward"]
    fit = ["fit", "gan", "--data", "ring", "--steps", "3", "--no-verdict", "--device", "cpu"]
    done = subprocess.run([*program, *fit], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "runs/gan-ring\n")
