"""Every run with a critic notes what the critic is like, which changes nothing of the run."""

import json

import pytest
import torch
from torch import nn

import pushforward as pf
from pushforward.networks import MLP
from pushforward.samplers import Normal
from pushforward.training import evaluation_mode


def lines(path, name):
    return [json.loads(line) for line in (path / name).read_text().splitlines()]


def weights(path):
    return {p.name: p.read_bytes() for p in sorted(path.glob("checkpoint/*/*.safetensors"))}


@pytest.mark.parametrize(("recipe", "read"), [("gan", True), ("gram", False)])
def test_a_run_with_a_critic_notes_it_at_every_probe(recipe, read, data, fit, tmp_path):
    game = getattr(pf.recipes, recipe)(data.space, network=MLP((8,)), noise=Normal(3))
    run = fit(game, data, tmp_path / "run", steps=4, probe_every=2)
    found = lines(run.path, "diagnostics.jsonl")
    assert [r["turn"] for r in found] == [2, 4]
    assert [[name.split(" (")[0] for name in r["layers"]] for r in found] == [["linear 1", "linear 2"]] * 2
    assert [r["calibration"] is not None for r in found] == [read] * 2
    assert found[0]["slopes"] != found[1]["slopes"]
    json.dumps(found, allow_nan=False)


def test_a_run_without_one_has_no_such_file(data, fit, tmp_path):
    run = fit(pf.recipes.mmd_net(data.space, network=MLP((8,))), data, tmp_path / "run")
    assert not (run.path / "diagnostics.jsonl").exists()


def restless(space):
    """A game of such a critic."""
    f = nn.Sequential(nn.Linear(space.dim, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), nn.ReLU(), nn.Linear(8, 1))
    D = pf.critics.Adversarial(pf.discrepancies.JensenShannon(), f, pf.critics.SpectralNorm())
    g = pf.samplers.Pushforward(MLP((8,), batch_norm=True).generator(3, space), Normal(3))
    return pf.games.Matching(space, g, D)


def test_looking_changes_no_bit(data, fit, tmp_path):
    torch.manual_seed(0)
    game = restless(data.space)
    start = {name: v.clone() for name, v in game.state_dict().items()}
    looked = fit(game, data, tmp_path / "looked", steps=6, probe_every=1)
    again = restless(data.space)
    again.critic = lambda: None  # a game without one is not looked at
    again.load_state_dict(start)
    blind = fit(again, data, tmp_path / "blind", steps=6, probe_every=1)
    assert len(lines(looked.path, "diagnostics.jsonl")) == 6
    assert not (blind.path / "diagnostics.jsonl").exists()
    assert weights(looked.path) == weights(blind.path) != {}
    plain = lambda path: [r | {"seconds": 0} for r in lines(path, "log.jsonl") if "loss" in r]
    assert plain(looked.path) == plain(blind.path)


def test_a_resumed_run_takes_its_later_notes_back(data, game, fit, resume, tmp_path):
    run = fit(game(), data, tmp_path / "run", steps=4, probe_every=1, checkpoint_every=2)
    whole = [r | {"seconds": 0} for r in lines(run.path, "diagnostics.jsonl")]
    other = fit(game(), data, tmp_path / "other", steps=2, probe_every=1, checkpoint_every=2)
    with (other.path / "diagnostics.jsonl").open("a") as file:
        file.write(json.dumps({"turn": 3, "stale": True}) + "\n")
    resume(other.path, steps=4, data=data)
    assert [r | {"seconds": 0} for r in lines(other.path, "diagnostics.jsonl")] == whole


def test_an_alarm_goes_to_the_log_too(data, fit, tmp_path):
    torch.manual_seed(0)
    game = restless(data.space)
    with torch.no_grad():  # two inputs of which the critic sees one
        game.discrepancy.f[0].parametrizations.weight.original[:, 1] = 0.0
    game.tune = dict.fromkeys(game.tune, pf.tuning.SGD(1e-9))
    run = fit(game, data, tmp_path / "run", steps=2, probe_every=1)
    alarms = [r for r in lines(run.path, "log.jsonl") if "alarm" in r]
    assert [r["turn"] for r in alarms] == [1, 2]
    assert "rank collapse" in alarms[0]["alarm"]


def test_modes_and_generators_are_given_back_even_after_an_error():
    f = nn.Sequential(nn.Linear(2, 2), nn.Dropout(), nn.BatchNorm1d(2))
    f[2].eval()
    torch.manual_seed(0)
    expected = torch.randn(3)
    torch.manual_seed(0)

    @evaluation_mode(f)
    def fail():
        assert not any(m.training for m in f.modules())
        torch.randn(5)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert [m.training for m in f.modules()] == [True, True, True, False]
    assert torch.equal(torch.randn(3), expected)
