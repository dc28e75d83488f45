"""The rule of three-sample tests at work: rates fall, runs end, and all of it is in the checkpoint."""

import json

import pytest
import torch
from torch import nn

import pushforward as pf
from pushforward.errors import Interrupted
from pushforward.runs import RunFolder
from pushforward.training import Checks, Turn
from pushforward.tuning import SGD, Adam, Linear, ThreeSampleRule

QUICK = ThreeSampleRule(every=1, against=2, patience=2, kept=1, stalls=2)
# of 12 turns, 2 fill the queue, 2 fail, 1 fills it again, 2 fail …
NEVER, ALWAYS = (
    ThreeSampleRule(1, 2, 2, level=1e-12, kept=1, stalls=2),
    ThreeSampleRule(1, 2, 2, level=1 - 1e-12, kept=1),
)


class Told:
    """Comparisons with a known outcome; what is remembered is the number of the check."""

    def __init__(self, differences):
        self.left, self.pairs, self.count = list(differences), [], 0

    def remember(self, y):
        self.count += 1
        return {"number": torch.tensor(self.count), "y": y}

    def compare(self, new, old):
        self.pairs.append((int(new["number"]), int(old["number"])))
        return self.left.pop(0), 1.0


def checked(told, checks):
    y = torch.zeros(1)
    return [checks(y) for _ in range(checks.rule.against + len(told.left))]


def test_the_new_sampler_meets_the_oldest_that_is_remembered():
    told = Told([-9.0, 9.0, -9.0, 9.0, 9.0])
    checks = Checks(QUICK, 1, told, may_end=False)
    records = checked(told, checks)
    assert told.pairs == [(3, 1), (4, 2), (5, 2), (6, 3), (7, 3)]
    assert [r["p_value"] is None for r in records] == [True] * 2 + [False] * 5
    assert [r["failures"] for r in records] == [0, 0, 0, 1, 0, 1, 0]
    assert [r["decayed"] for r in records] == [False] * 6 + [True]
    assert checks.factor == 0.5
    assert [int(past["number"]) for past in checks.trend.past] == [5]


def test_a_state_is_put_back_as_it_was():
    told = Told([-9.0, 9.0, 9.0])
    checks = Checks(QUICK, 1, told, may_end=True)
    checked(told, checks)
    state, memory = json.loads(json.dumps(checks.state())), {k: v.clone() for k, v in checks.memory().items()}
    again = Checks(QUICK, 1, Told([]), may_end=True)
    again.restore(state, memory)
    assert (again.state(), again.ended) == (checks.state(), checks.ended)
    assert again.memory().keys() == checks.memory().keys()
    assert all(torch.equal(again.memory()[k], v) for k, v in checks.memory().items())


def test_it_ends_only_where_it_may_and_goes_on_when_asked():
    for may in (True, False):
        told = Told([9.0] * 2)
        checks = Checks(ThreeSampleRule(1, 2, 2, kept=1, stalls=1), 1, told, may)
        checked(told, checks)
        assert checks.ended == may
        checks.go_on()
        assert (checks.ended, checks.factor, checks.trend.stalls) == (False, 0.5, 0)


def test_the_factor_multiplies_every_players_rate_and_its_schedule():
    f, g = nn.Linear(1, 1), nn.Linear(1, 1)
    tune = {"f": SGD(0.2, 0.0), "g": Adam(0.1, decay=Linear())}
    turn = Turn({"f": f, "g": g}, tune)
    turn.begin(3, 0.25, 0.5)
    rates = {name: o.param_groups[0]["lr"] for name, o in turn.optimizers.items()}
    assert rates == {"f": pytest.approx(0.1, rel=1e-15), "g": pytest.approx(0.1 * 0.75 * 0.5, rel=1e-15)}


def rates(run):
    lines = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    return [(r["turn"], r["check"]["factor"]) for r in lines if "check" in r]


def test_a_run_of_failures_lowers_the_rates_of_the_turns_that_follow(make, fit, tmp_path):
    game, data = make("gan")
    seen, step = [], game.step

    def stepped(batch, turn):
        seen.append({name: o.param_groups[0]["lr"] / turn.tune[name].rate(0.0) for name, o in turn.optimizers.items()})
        step(batch, turn)

    game.step = stepped
    for name in game.tune:
        game.tune[name] = SGD(1e-3, 0.0)
    fit(game, data, tmp_path / "run", probes="energy", lr_rule=NEVER)
    factors = [1.0] * 4 + [0.5] * 3 + [0.25] * 3 + [0.125] * 2
    assert seen == [dict.fromkeys(game.tune, pytest.approx(f, rel=1e-12)) for f in factors]
    assert rates(tmp_path / "run") == list(zip(range(1, 13), [*factors[1:], 0.125], strict=True))


def test_improvements_leave_the_rates_alone(make, fit, tmp_path):
    game, data = make("gan")
    fit(game, data, tmp_path / "run", probes="energy", lr_rule=ALWAYS, stop_early=True)
    assert {factor for _, factor in rates(tmp_path / "run")} == {1.0}
    assert RunFolder(tmp_path / "run").checkpoints.load_last().turn == 12


@pytest.mark.parametrize("cut", [2, 4, 6, 9])
@pytest.mark.parametrize("name", ["gan", "mmd_gan"])
def test_resumed_equals_uninterrupted_with_the_rule_at_work(name, cut, make, fit, stopping, same, records, tmp_path):
    """Cut while the queue fills, at a decay, between two failures and later: rates, queue, logs, best state."""
    rule = ThreeSampleRule(every=1, against=2, patience=2, kept=1, level=0.4, factor=0.3)
    settings = {"probes": "energy", "lr_rule": rule}
    game, data = make(name)
    fit(game, data, tmp_path / "whole", **settings)
    game, data = make(name)
    with pytest.raises(Interrupted):
        fit(stopping(game, cut), data, tmp_path / "halves", **settings)
    pf.resume(tmp_path / "halves", data=data, quiet=True)
    same(tmp_path / "whole", tmp_path / "halves")
    for log in ("log.jsonl", "scores.jsonl"):
        assert records(tmp_path / "whole", log) == records(tmp_path / "halves", log)
    states = [RunFolder(tmp_path / run).checkpoints.load_last().state for run in ("whole", "halves")]
    assert states[0]["checks"] == states[1]["checks"]
    assert states[0]["choice"] == states[1]["choice"]
    assert states[0]["choice"]["kept"]["error"] > 0
    assert {factor for _, factor in rates(tmp_path / "whole")} != {1.0}, "the rule was at work"


def test_it_stops_early_says_so_and_can_go_on(make, fit, tmp_path, capsys):
    game, data = make("gan")
    run = fit(game, data, tmp_path / "run", probes="energy", lr_rule=NEVER, stop_early=True, quiet=False)
    last = run.folder.checkpoints.load_last()
    assert last.turn == 7, "two fill the queue, two fail; one fills it again, two fail"
    sentence = "stopped early at turn 7: three-sample tests find no improvement any more"
    assert sentence in capsys.readouterr().err
    assert sentence in run.folder.read_json("environment.json")["stopped_early"]
    log = run.folder.read_jsonl("log.jsonl")
    assert [r["turn"] for r in log if r.get("ended")] == [7]
    assert run.folder.read_jsonl("scores.jsonl")[-1]["turn"] == 7, "the last state is probed"
    pf.resume(tmp_path / "run", data=data)
    assert "is finished, after 7 turns" in capsys.readouterr().err
    more = pf.resume(tmp_path / "run", data=data, steps=9, quiet=True)
    assert more.folder.checkpoints.load_last().turn == 9
    assert "stopped_early" not in more.folder.read_json("environment.json")


def test_without_a_rule_the_first_stall_ends_the_run_at_the_first_rates(make, fit, tmp_path):
    game, data = make("gan")

    def frozen(batch, turn):
        turn.records["sampler"] = {"loss": 0.0, "terms": {}}

    game.step = frozen  # nothing is learnt, so what the tests see is noise
    run = fit(game, data, tmp_path / "run", probes="energy", stop_early=True, steps=200, probe_every=100)
    last = run.folder.checkpoints.load_last()
    assert 26 <= last.turn < 200, "ten checks of two turns fill the queue, three fail"
    assert last.state["checks"]["factor"] == 1.0


def test_without_either_nothing_is_tested(make, fit, tmp_path):
    game, data = make("gan")
    run = fit(game, data, tmp_path / "run")
    assert rates(tmp_path / "run") == []
    assert "checks" not in run.folder.checkpoints.load_last().state


def test_checks_never_change_a_run_that_they_find_improving(make, fit, state, tmp_path):
    finals = []
    for name, rule in (("without", None), ("with", ALWAYS)):
        game, data = make("gram")
        fit(game, data, tmp_path / name, probes="energy", lr_rule=rule)
        finals.append({k: v for k, v in state(tmp_path / name).items() if not k.startswith("checks")})
    assert [k for k in finals[0] if not torch.equal(finals[0][k], finals[1][k])] == []
