"""What a file may name: this package's own values; code from elsewhere, the hub and models only where trusted."""

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml

import pushforward as pf
from pushforward.cli import main
from pushforward.cli.grammar import names_code
from pushforward.errors import Refused
from pushforward.features import Features
from pushforward.index import KINDS, entries
from pushforward.metrics import KID, Metric
from pushforward.runs.old_names import PATHS, today
from pushforward.verbs.trust import named, trusting
from pushforward.verbs.values import OURS, ROOMS, describe, own, public, restore

OLDER = Path(__file__).parent / "data" / "older-run"
DRAWN = [
    [0.07452529668807983, 0.32348108291625977],
    [0.22690755128860474, 0.29546982049942017],
    [0.09119153022766113, 0.30720794200897217],
    [-0.0651344433426857, 0.40664219856262207],
    [-0.08299125730991364, 0.4316348731517792],
    [0.10275031626224518, 0.31829267740249634],
]
"""Six samples of the older run with seed 5, drawn by the program that wrote it."""

MODULE = """
from dataclasses import dataclass
from pathlib import Path
from pushforward.kernels import Gaussian
from pushforward.networks import MLP
from pushforward.recipes import gram
import numpy as np

Path("IMPORTED").touch()


@dataclass(frozen=True)
class Mine(Gaussian):
    scale: float = 1.0


def small(space, width: int = 4):
    return gram(space, network=MLP((width,)))


def rows():
    return np.random.default_rng(0).normal(size=(60, 2)).astype("float32")


def first(x):
    return x.flatten(1)[:, :1]
"""


@pytest.fixture
def older(tmp_path):
    """A copy of a run that was written before public paths were."""
    return shutil.copytree(OLDER, tmp_path / "older")


@pytest.fixture
def stranger(tmp_path, monkeypatch):
    """A module in the working directory that leaves a mark when it is imported."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "stranger.py").write_text(MODULE)
    yield tmp_path
    sys.modules.pop("stranger", None)


def edited(run, *keys, value):
    """The call of a run with one entry replaced."""
    call = yaml.safe_load((run / "call.yaml").read_text())
    place = call
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = value
    (run / "call.yaml").write_text(yaml.safe_dump(call))
    return run


def value(path, **arguments):
    return {"class_path": path, "init_args": arguments}


def test_a_run_of_an_older_version_draws_the_samples_it_drew_then(older):
    assert pf.load(older).sample(6, seed=5).tolist() == np.array(DRAWN, "float32").tolist()


def test_a_run_of_an_older_version_goes_on(older):
    pf.resume(older, steps=4, quiet=True)
    lines = (older / "log.jsonl").read_text().splitlines()
    assert json.loads(lines[-1])["turn"] == 4


def test_old_paths_are_paths_of_modules_and_stand_for_the_same_names():
    assert today("pushforward.kernels.gaussian.Gaussian") == "pushforward.kernels.Gaussian"
    assert today("os.system") == "os.system"
    for old, new in PATHS.items():
        assert own(old, "a file") is own(new, "a file")
        assert (old.count("."), new.count("."), old.rpartition(".")[2]) == (3, 2, new.rpartition(".")[2])


def test_every_listed_value_has_a_public_path_that_gives_it_back():
    for kind, (room, base) in KINDS.items():
        for entry in entries(kind) if base and room in ROOMS else ():
            assert public(own(f"{OURS}.{room}.{entry.name}", "a file")) == f"{OURS}.{room}.{entry.name}"


def test_paths_are_public_from_now_on():
    assert describe(KID()) == value("pushforward.metrics.KID", degree=3)
    assert restore(describe(KID(2))) == KID(2)


FOREIGN = [
    "os.system",
    "subprocess.Popen",
    "builtins.eval",
    "torch.hub.load",
    "pushforward.data.load",
    "pushforward.verbs.fit",
    "pushforward.kernels.base.torch",
    "pushforward.runs.RunFolder",
    "pushforward.metrics.Reference",
    "pushforward.networks.Concatenated",
    "pushforward.kernels",
    "pushforward",
    "os",
    "",
    "os.path/x",
    "..os.system",
]


@pytest.mark.parametrize("path", FOREIGN)
def test_a_file_makes_nothing_but_values_of_ours(path):
    with pytest.raises(Refused, match="a file"):
        restore([{"inner": value("pushforward.kernels.Gaussian", bandwidth=value(path, command="id"))}], "a file")


@pytest.mark.parametrize(
    "described",
    [
        value("pushforward.networks.MLP", widths="wide"),
        value("pushforward.networks.MLP", widths=[8.5]),
        value("pushforward.networks.MLP", widths=[True]),
        value("pushforward.networks.MLP", width=8),
        value("pushforward.networks.MLP", batch_norm=1),
        value("pushforward.samplers.Normal", dim=2**70),
        value("pushforward.samplers.Normal", dim=0),
        value("pushforward.kernels.Sum", left=value("pushforward.kernels.Gaussian")),
        value("pushforward.kernels.Scaled", multiple=2.0, kernel=value("pushforward.networks.MLP")),
        value("pushforward.features.Own", f="os.system"),
        {"class_path": ["os", "system"]},
        {"class_path": "pushforward.kernels.Linear", "init_args": [1]},
        {"class_path": "pushforward.kernels.Linear", "dict_kwargs": {"x": 1}},
    ],
    ids=str,
)
def test_arguments_have_the_names_and_types_of_the_class(described):
    with pytest.raises(Refused):
        restore(described, "a file")


def test_whole_numbers_serve_where_numbers_are_wanted():
    made = restore(value("pushforward.kernels.Gaussian", bandwidth=2), "a file")
    assert made == pf.kernels.Gaussian(2.0)


ENTRIES = [
    lambda bad, out: pf.load(bad),
    lambda bad, out: pf.sample(bad, 5, out=out),
    lambda bad, out: pf.score(bad),
    lambda bad, out: pf.score("two-moons", bad),
    lambda bad, out: pf.score(bad, OLDER),
    lambda bad, out: pf.compare("two-moons", [bad, OLDER]),
    lambda bad, out: pf.compare(bad, {"a": OLDER, "b": OLDER}),
    lambda bad, out: pf.resume(bad),
]


@pytest.mark.parametrize("entry", ENTRIES)
def test_no_entry_runs_what_a_folder_names(older, stranger, entry):
    edited(older, "arguments", "kernel", value=value("stranger.Mine", scale=2.0))
    said = r"names stranger\.Mine.*import stranger and call stranger\.Mine\(scale=2\.0\).*--trust stranger"
    with pytest.raises(Refused, match=said):
        entry(older, stranger / "x.npy")
    assert not (stranger / "IMPORTED").exists()


def test_a_trusted_module_is_imported(older, stranger):
    edited(older, "arguments", "kernel", value=value("stranger.Mine", scale=2.0))
    run = pf.load(older, trust="other, stranger")
    assert run.game.call["arguments"]["kernel"].scale == 2.0
    assert (stranger / "IMPORTED").exists()
    with pytest.raises(Refused, match="--trust stranger"):
        pf.load(older, trust=["strange", "stranger_things"])


def test_trusted_or_not_a_file_calls_no_functions(older):
    edited(older, "arguments", "network", value=value("os.getcwd"))
    with pytest.raises(Refused, match="must be a frozen dataclass"):
        pf.load(older, trust="os")


@pytest.mark.parametrize(
    ("keys", "asked", "permission"),
    [
        (("recipe",), "stranger.small", "stranger"),
        (("data",), {"spec": "stranger.rows"}, "stranger"),
        (("data",), {"spec": "hf:owner/name"}, "hf:owner/name"),
        (("fit", "probe_features"), "stranger.first", "stranger"),
        (("fit", "probe_features"), "transformers:/tmp/model", "transformers:/tmp/model"),
        (("fit", "probes"), [value("stranger.Mine")], "stranger"),
        (("fit", "lr_rule"), value("stranger.Mine"), "stranger"),
    ],
)
def test_recipes_data_features_and_rules_need_trust_as_well(older, stranger, keys, asked, permission):
    edited(older, *keys, value=asked)
    with pytest.raises(Refused, match=f"--trust {permission} "):
        pf.resume(older, steps=5, quiet=True)
    assert not (stranger / "IMPORTED").exists()
    assert "--trust" not in (older / "log.jsonl").read_text()


def test_probes_of_a_file_are_metrics_and_nothing_else_that_can_be_called(older):
    edited(older, "fit", "probes", value=[value("pushforward.kernels.Gaussian")])
    with pytest.raises(Refused, match="must be names or metrics"):
        pf.resume(older, steps=5, quiet=True)
    assert issubclass(KID, Metric)
    edited(older, "fit", "probes", value="kid")
    edited(older, "fit", "probe_features", value=value("pushforward.kernels.Linear"))
    with pytest.raises(Refused, match="must be a name or features"):
        pf.resume(older, steps=5, quiet=True)
    assert not issubclass(pf.kernels.Linear, Features)


def test_data_in_a_file_are_said_and_read(game, fit, rows, capsys, tmp_path):
    data = pf.data.load(rows)
    run = fit(game(), data, tmp_path / "run")
    capsys.readouterr()
    assert pf.load(run.path).data.content_hash == data.content_hash
    assert capsys.readouterr().err == f"Reading {rows}, which {run.path}/call.yaml names as its data.\n"


@pytest.mark.parametrize("spec", ["/dev/zero", "/dev/tty", "x\0y", 3, None, ["digits"]])
def test_data_in_a_file_are_a_file_or_a_folder(older, spec):
    edited(older, "data", value={"spec": spec})
    with pytest.raises(Refused):
        _ = pf.load(older).data


@pytest.mark.parametrize(("option", "asked"), [("size", 2**40), ("size", "big"), ("seeds", 3), ("native", 1)])
def test_options_of_data_in_a_file_are_of_their_types(older, option, asked):
    edited(older, "data", value={"spec": "two-moons", option: asked})
    with pytest.raises(Refused):
        _ = pf.load(older).data


@pytest.mark.parametrize(
    ("network", "said"),
    [
        (value("pushforward.networks.MLP", widths=[10**6, 10**6]), "weights"),
        (value("pushforward.networks.MLP", widths=[2**62, 2**62]), "weights"),
        (value("pushforward.networks.MLP", widths=[1] * 15_000), "weights"),
        (value("pushforward.networks.MLP", widths=[-1]), "positive"),
        (value("pushforward.networks.DCGAN"), "DCGAN"),
    ],
    ids=["square", "more bits", "deep", "negative", "no picture"],
)
def test_networks_that_the_checkpoint_does_not_hold_are_not_allocated(older, network, said):
    edited(older, "arguments", "network", value=network)
    with pytest.raises(Refused, match=said):
        pf.load(older)


def test_a_network_of_other_sizes_than_the_checkpoints_is_named(older):
    edited(older, "arguments", "network", value=value("pushforward.networks.MLP", widths=[5]))
    for use in (lambda: pf.load(older).sample(3), lambda: pf.resume(older, steps=5, quiet=True)):
        with pytest.raises(Refused, match=r"is not of (the|this) game"):
            use()


def test_trust_is_a_list_of_modules():
    assert named("a, b.c,,hf:o/n") == ("a", "b.c", "hf:o/n")
    assert named(["a", "b,a"]) == ("a", "b")
    with pytest.raises(Refused, match="names of modules"):
        named("rm -rf")
    with trusting("a"), trusting("b"), pytest.raises(Refused, match="--trust c"):
        restore(value("c.K"), "a file")


def test_a_config_names_no_code(stranger, capsys):
    config = stranger / "c.yaml"
    for content in (
        {"recipe": "gan", "data": "ring", "network": value("stranger.Mine")},
        {"recipe": "gan", "data": "ring", "network": "stranger.Mine"},
        {"recipe": "gan", "data": "ring", "tune": value("Adam", decay=value("stranger.Mine"))},
        {"recipe": "gan", "data": "ring", "tune": value("Adam", decay="stranger.Mine")},
        {"recipe": "gan", "data": "ring", "probes": [value("stranger.Mine")]},
        {"recipe": "gan", "data": "ring", "probes": [[{"x": value("stranger.Mine")}]]},
        {"recipe": "gan", "data": "ring", "probe_features": "stranger.first"},
        {"recipe": "gan", "data": "stranger.rows"},
        {"recipe": "stranger.small", "data": "ring"},
        {"recipe": "gan", "data": {"spec": "ring"}, "arguments": {"network": value("stranger.Mine")}, "fit": {}},
    ):
        config.write_text(yaml.safe_dump(content))
        assert main(["fit", "--config", "c.yaml", "--steps", "1", "--no-verdict", "--quiet"]) == 2
        err = capsys.readouterr().err
        assert "--trust stranger (" in err, err
        assert not (stranger / "IMPORTED").exists()


@pytest.mark.parametrize(
    "content",
    [
        {"network": '{"class_path": "stranger.Mine"}'},
        {"network": "{class_path: stranger.Mine}"},
        {"network": value('{"class_path": "stranger.Mine"}')},
        {"probes": "{class_path: stranger.Mine}"},
        {"network.class_path": "stranger.Mine"},
        {"trust": "stranger", "network": value("stranger.Mine")},
        {"config": "other.yaml"},
        {"resume": "older"},
        {"overwrite": True},
        {"data": "hf:owner/name"},
        {"network": value("pushforward.data.load", spec="stranger.rows")},
        {"steps": "many"},
        {"steps": 2**80},
        {"network": 3},
        {1: 2},
    ],
    ids=str,
)
def test_a_config_has_no_other_way_to_name_any(stranger, capsys, content):
    (stranger / "c.yaml").write_text(yaml.safe_dump({"recipe": "gan", "data": "ring", **content}))
    (stranger / "other.yaml").write_text("network: stranger.Mine\n")
    assert main(["fit", "--config", "c.yaml"]) == 2
    err = capsys.readouterr().err
    assert "Traceback" not in err
    assert len(err.splitlines()) == 1
    assert not (stranger / "IMPORTED").exists()


def test_a_config_with_trust_and_a_command_line_without(stranger, capsys):
    (stranger / "c.yaml").write_text(yaml.safe_dump({"data": "ring", "kernel": value("stranger.Mine", scale=2.0)}))
    usual = ["--steps", "1", "--no-verdict", "--quiet"]
    assert main(["fit", "gram", "--config", "c.yaml", "--trust", "stranger", "--run", "a", *usual]) == 0
    assert main(["fit", "gram", "--data", "ring", "--kernel", "stranger.Mine", "--run", "b", *usual]) == 0
    assert main(["fit", "gram", "--config", "c.yaml", "--kernel", "Gaussian", "--run", "c", *usual]) == 0
    assert main(["sample", "a", "-n", "3", "--out", "x.npy"]) == 2
    assert main(["sample", "a", "-n", "3", "--out", "x.npy", "--trust", "other", "--trust=stranger"]) == 0
    assert main(["fit", "--config", "a/call.yaml", "--run", "d", *usual]) == 2
    assert main(["fit", "--config", "a/call.yaml", "--run", "d", "--trust", "stranger", *usual]) == 0
    assert main(["sample", "a", "--trust"]) == 2
    assert "--trust takes the name of a module" in capsys.readouterr().err


def test_a_config_may_name_data_which_is_said(stranger, rows, capsys):
    content = {"data": str(rows), "network": value("MLP", widths=[4]), "tune": value("Adam", decay=value("Cosine"))}
    (stranger / "c.yaml").write_text(yaml.safe_dump(content))
    assert main(["fit", "gan", "--config", "c.yaml", "--steps", "1", "--no-verdict", "--run", "a"]) == 0
    assert f"Reading {rows}, which c.yaml names as its data.\n" in capsys.readouterr().err


def test_the_working_directory_is_searched_only_for_modules_that_were_typed(stranger):
    (stranger / "rows.py").touch()
    (stranger / "rows.csv").touch()
    for argv in (["--data", "rows.csv"], ["a/rows.csv"], ["--network", "MLP"], ["--data=nowhere.rows"], []):
        assert not names_code(argv)
    for argv in (["--data", "stranger.rows"], ["--kernel=stranger.Mine"], ["--trust", "a,stranger"]):
        assert names_code(argv)
    before = list(sys.path)
    assert main(["score", "rows.csv", "other.csv"]) == 2
    assert sys.path == before
