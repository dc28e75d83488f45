"""Slips of the keyboard: one sentence with the nearest name, exit code 2."""

import pytest

from pushforward.cli.mistakes import sentence

DATA = ("--data", "digits")

SLIPS = [
    ("fot", "no verb 'fot'; did you mean 'fit'?"),
    ("fit gramm", "no recipe 'gramm'; did you mean 'gram'?"),
    ("fit mmd_gann", "no recipe 'mmd_gann'; did you mean 'mmd-gan'?"),
    ("fit gram --stepz 3", "fit has no option --stepz; did you mean '--steps'?"),
    ("fit gram --no-example", "fit has no option --no_example; did you mean '--examples'?"),
    ("fit gram", "fit needs --data: a name, a path, hf:owner/name or a dotted path; `--data digits` is at hand."),
    ("fit gram --data", "argument --data: expected one argument."),
    ("fit gram --data digits more", "unrecognized arguments: more."),
    ("fit gram --data digitz", "data 'digitz' is neither a name nor a path nor a dotted path; did you mean 'digits'?"),
    ("fit gram --data no/such.csv", "data 'no/such.csv' does not exist; check the path, which is taken from "),
    ("fit gram --network DCGANN", "no class 'DCGANN' for --network; did you mean 'DCGAN'?"),
    ("fit gram --critic_network DCGANN", "no class 'DCGANN' for --critic_network; did you mean 'DCGAN'?"),
    ("fit gram --network DCGAN --network.widht 3", "DCGAN of --network has no option 'widht'; did you mean 'width'?"),
    ("fit gram --network Kernel", "no class 'Kernel' for --network; known are: "),
    ("fit gram --network nowhere.Mine", "--network: No module named 'nowhere'."),
    ("fit gram --ridge x", "--ridge must be of type float, got 'x'."),
    ("fit gram --steps x", "--steps must be of type int, got 'x'."),
    ("fit gram --steps 2.5", "--steps must be of type int, got '2.5'."),
    ("fit gram --precision 16", "--precision must be one of 'auto', '32', 'bf16', got '16'."),
    ("fit gram --data ring --verdict maybe", "--verdict must be true or false, got 'maybe'."),
    ("fit gram --kernel Sum", "Sum of --kernel needs --kernel.left and --kernel.right."),
    ("fit gram --kernel.bandwidth 2", "--kernel takes the name of a Kernel before options of its own: one of "),
    ("fit gram --kernel Gaussian --kernel.bandwidth x", "--kernel.bandwidth must be of type float or tuple[float, "),
    (
        "fit gram --kernel Gaussian --kernel.bandwidth -1",
        "bandwidth of Gaussian must be positive and finite, got -1.0",
    ),
    ("fit gram --tune.lr -1", "lr of Adam must be positive, got -1.0."),
    ("fit gram --config nowhere.yaml", "No such file or directory: nowhere.yaml."),
    ("fit gramm --data ring", "no recipe 'gramm'; did you mean 'gram'?"),
    (
        "fit nowhere.mine --data ring",
        "no recipe 'nowhere.mine': there is no module nowhere; it is looked for here, and in",
    ),
    (
        "fit ./nowhere.py:mine --data ring",
        "no recipe './nowhere.py:mine'; a recipe of yours is a function at a dotted ",
    ),
    ("fit --resume", "argument --resume: expected one argument."),
    ("fit --resume runs/nowhere", "run folder runs/nowhere does not exist;"),
    ("fit --resume runs/nowhere --seed 3", "fit --resume has no option --seed; "),
    ("sample", "the command line lacks RUN; --help says what goes where."),
    ("sample runs/nowhere", "run folder runs/nowhere does not exist;"),
    ("export runs/nowhere", "run folder runs/nowhere does not exist;"),
    ("export x --wieghts raw", "export has no option --wieghts; did you mean '--weights'?"),
    ("sample x --wieghts raw", "sample has no option --wieghts; did you mean '--weights'?"),
    ("sample x -n many", "--n must be of type int, got 'many'."),
    ("score", "the command line lacks REAL; --help says what goes where."),
    ("score nowhere", "score needs REAL and FAKE, or a run folder; got only nowhere."),
    ("report", "the command line lacks RUNS; --help says what goes where."),
    ("report nowhere", "nowhere"),
    ("list kernel", "no kind 'kernel'; did you mean 'kernels'?"),
    ("list kernels --jason", "list has no option --jason; did you mean '--json'?"),
]


@pytest.mark.parametrize(("line", "said"), SLIPS, ids=[line for line, _ in SLIPS])
def test_slips(refused, line, said):
    argv = line.split()
    needs_data = argv[0] == "fit" and len(argv) > 2 and not {"--data", "--resume", "--config"} & set(argv)
    assert said in refused(*argv, *(DATA if needs_data else ()))


MODULE = """
from pushforward.recipes import gram

WIDTH = 4


def recipe(space, width: int = 4):
    return gram(space)
"""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("slipped.recipee", "'slipped.recipee' cannot be found: module slipped has no recipee; did you mean 'recipe'?"),
        ("sliped.recipe", "no recipe 'sliped.recipe': there is no module sliped; did you mean 'slipped.recipe'?"),
        ("slipped.WIDTH", "recipe 'slipped.WIDTH' must be a function, and WIDTH of module slipped is of type int."),
        ("slipped:recipe", "no recipe 'slipped:recipe'; a recipe of yours is a function at a dotted path, without file "
         "or colon: slipped.recipe."),
        ("./slipped.py:recipe", "without file or colon: slipped.recipe."),
        ("slipped.py", "without file or colon: slipped.NAME."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("line", ["fit {} --data ring", "fit {} --help"])
def test_a_slip_in_the_path_of_a_recipe(refused, tmp_path, line, name, said):
    (tmp_path / "slipped.py").write_text(MODULE)
    found = refused(*line.format(name).split())
    assert found.endswith(said)
    assert "data" not in found


def test_a_slip_in_a_file(refused, tmp_path):
    (tmp_path / "a.yaml").write_text("recipe: gram\ndata: ring\nstepz: 3\n")
    assert refused("fit", "--config", "a.yaml") == "the call has no option 'stepz'; did you mean 'steps'?"
    (tmp_path / "b.yaml").write_text("network:\n  class_path: MLP\n  init_args:\n    widhts: [3]\n")
    said = refused("fit", "gram", "--data", "ring", "--config=b.yaml")
    assert said == "MLP of --network has no option 'widhts'; did you mean 'widths'?"
    (tmp_path / "c.yaml").write_text("steps: [\n")
    assert refused("fit", "gram", "--config", "c.yaml").startswith("c.yaml must be YAML, but it is damaged")
    (tmp_path / "d.yaml").write_text("gram\n")
    assert refused("fit", "gram", "--config", "d.yaml").startswith("the file of --config must hold options")
    (tmp_path / "e.yaml").write_text("recipe: gan\n")
    said = refused("fit", "gram", "--data", "ring", "--config", "e.yaml")
    assert said == "fit was asked for gram, but the file of --config is a call of gan."


def test_a_complaint_of_unknown_form_keeps_its_last_line():
    assert sentence('Parser key "a":\n  Something\n    went wrong') == "--a: went wrong."
    assert sentence("went wrong.") == "went wrong."
