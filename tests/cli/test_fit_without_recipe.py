"""`fit` without a recipe: the data choose one, which is said, recorded and repeated."""

import numpy as np
import pandas as pd
import pytest
import yaml

from pushforward.index import entries

TINY = ("--steps", 2, "--no-verdict")


def call(path):
    return yaml.safe_load((path / "call.yaml").read_text())


def test_the_recipe_is_said_with_its_reason_recorded_and_repeated(shell, tmp_path):
    first = shell("fit", "--data", "ring", *TINY, "--seed", 3)
    assert first.code == 0, first.err
    assert first.out.splitlines()[-1] == "runs/drifting-ring"
    (line,) = [line for line in first.err.splitlines() if line.startswith("Recipe: ")]
    assert line.startswith("Recipe: drifting, which ")
    assert "pushforward list recipes" in line
    again = shell("fit", "--config", "runs/drifting-ring/call.yaml", "--run", "again")
    assert again.code == 0, again.err
    assert "Recipe: " not in again.err
    named = shell("fit", "drifting", "--data", "ring", *TINY, "--seed", 3, "--run", "named", "--quiet")
    assert named.code == 0, named.err
    made = [call(tmp_path / name) for name in ("runs/drifting-ring", "again", "named")]
    assert made[0]["recipe"] == "drifting"
    assert made[0] | {"command": ""} == made[1] | {"command": ""} == made[2] | {"command": ""}


def test_options_of_the_data_count_in_the_choice(shell, tmp_path):
    x = np.zeros((60, 8, 8), np.uint8)
    x[:, ::2] = np.arange(60)[:, None, None]
    np.save(tmp_path / "pictures.npy", x)
    assert "Recipe: drifting" in shell("fit", "--data", "pictures.npy", *TINY).err
    answer = shell("fit", "--data", "pictures.npy", "--size", 16, "--print_config")
    assert "Recipe: gan" in answer.err


def test_a_table_of_texts_has_a_recipe_too(shell, tmp_path):
    frame = pd.DataFrame({"age": range(60), "metal": ["gold", "tin", "lead"] * 20})
    frame.to_csv(tmp_path / "table.csv", index=False)
    answer = shell("fit", "--data", "table.csv", *TINY)
    assert answer.code == 0, answer.err
    assert "Recipe: cart, which had the rows that trees tell least" in answer.err
    assert "for tables of fewer than 2,000 rows" in answer.err
    assert answer.out.splitlines()[-1] == "runs/cart-table"
    pd.concat([frame] * 34).to_csv(tmp_path / "large.csv", index=False)
    assert "Recipe: table-cdf" in shell("fit", "--data", "large.csv", *TINY).err


def test_print_config_prints_the_whole_call_of_the_chosen_recipe(shell, tmp_path):
    printed = shell("fit", "--data", "ring", *TINY, "--print_config")
    assert printed.code == 0
    assert not (tmp_path / "runs").exists()
    content = yaml.safe_load(printed.out)
    assert (content["recipe"], content["data"], content["steps"]) == ("drifting", "ring", 2)
    (tmp_path / "run.yaml").write_text(printed.out)
    assert shell("fit", "--config", "run.yaml", "--run", "here").code == 0
    assert call(tmp_path / "here")["recipe"] == "drifting"


def test_a_file_of_options_may_leave_the_recipe_out(shell, tmp_path):
    (tmp_path / "run.yaml").write_text("data: ring\nsteps: 2\nverdict: false\n")
    answer = shell("fit", "--config", "run.yaml", "--seed", 4, "--run", "here")
    assert answer.code == 0, answer.err
    made = call(tmp_path / "here")
    assert (made["recipe"], made["fit"]["seed"], made["fit"]["steps"]) == ("drifting", 4, 2)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("fit", "fit needs --data: a name, a path, hf:owner/name or a dotted path; `--data digits` is at hand. A"),
        ("fit --steps 3", "fit needs --data: "),
        ("fit --data", "argument --data: expected one argument."),
        ("fit --data digitz", "data 'digitz' is neither a name nor a path nor a dotted path; did you mean 'digits'?"),
        ("fit --data ring --stepz 3", "fit has no option --stepz; did you mean '--steps'?"),
        ("fit --data ring --steps x", "--steps must be of type int, got 'x'."),
        ("fit --data ring --tune.lr 3", "--tune is an option of recipes, and none is named: pushforward fit RECIPE"),
        ("fit --data ring --no-conditional", "--conditional is an option of recipes, and none is named"),
        ("fit --config a.yaml", "--batch_size is an option of recipes, and none is named"),
        ("fit --config b.yaml", "b.yaml records a game made by hand"),
        ("fit drfting --data ring", "no recipe 'drfting'; did you mean 'drifting'?"),
        ("fit ring", "no recipe 'ring'; it is data: pushforward fit --data ring."),
        ("fit ./a.yaml", "no recipe './a.yaml'; it is data: pushforward fit --data ./a.yaml."),
        ("fit a.csv --steps 2", "no recipe 'a.csv'; it is data: pushforward fit --data a.csv."),
    ],
)  # fmt: skip
def test_slips(refused, tmp_path, line, said):
    (tmp_path / "a.yaml").write_text("data: ring\nbatch_size: 3\n")
    (tmp_path / "b.yaml").write_text("data: {spec: ring}\nrecipe: null\narguments: {}\n")
    (tmp_path / "a.csv").write_text("x,y\n1,2\n")
    assert said in refused(*line.split())


def test_the_page_of_fit_says_that_a_recipe_may_be_left_out(shell):
    page = shell("fit", "--help").out
    assert page.startswith("pushforward fit [RECIPE] --data DATA")
    assert [e.label for e in entries("recipes") if f"\n  {e.label} " not in page] == []
