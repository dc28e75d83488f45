"""Probes by name, as metrics and as functions; what is written down of them; which state they choose."""

import inspect
from dataclasses import dataclass

import numpy as np
import pytest
import torch

import pushforward as pf
from pushforward.errors import Refused
from pushforward.features import Identity, Own
from pushforward.kernels import Gaussian
from pushforward.metrics import KID, PRDC, EnergyDistance, FrechetDistance, KernelDistance, three_sample_test
from pushforward.metrics.scores.mmd import KernelScore
from pushforward.verbs.probes import Probes, probes_of


@dataclass(frozen=True)
class Number:
    """What a function gives."""

    value: float
    stderr: float | None = None
    better: str = "lower"


def shift(x, y):
    return Number((x.mean(0) - y.mean(0)).norm().item())


X, Y, Z = (torch.randn(60, 3, generator=torch.Generator().manual_seed(i)) + 0.3 * i for i in range(3))


def probes(given, features=None) -> Probes:
    return Probes(probes_of(given), features or Identity(), X)


def test_the_usual_probes_see_both_what_is_missed_and_what_is_blurred(game, data, fit, tmp_path):
    usual = inspect.signature(pf.fit).parameters["probes"].default
    run = fit(game(), data, tmp_path / "run", probes=usual)
    assert list(run.folder.read_jsonl("scores.jsonl")[-1]["scores"]) == ["local-mmd"]
    assert run.kept["chosen_by"] == "local-mmd"


def test_names_give_their_metrics_scores_in_the_order_of_the_names():
    found, _ = probes("fid, recall,kid,precision")(Y)
    expected = {s.name: s for m in (FrechetDistance(), PRDC(), KID()) for s in m(X, Y)}
    assert list(found) == ["fid", "recall", "kid", "precision"]
    for name, score in found.items():
        assert score["value"] == pytest.approx(expected[name].value, rel=1e-9)
        for error in ("stderr", "spread"):
            known = getattr(expected[name], error)
            assert score[error] == (None if known is None else pytest.approx(known, rel=1e-9))
    assert list(probes("prdc")(Y)[0]) == ["precision", "recall", "density", "coverage"]


def test_metrics_and_functions_may_be_mixed():
    found, _ = probes([KernelDistance(Gaussian(0.5)), shift, "energy", PRDC(k=2)])(Y)
    assert list(found) == ["mmd", "shift", "energy", "precision", "recall", "density", "coverage"]
    assert found["mmd"]["value"] == pytest.approx(KernelDistance(Gaussian(0.5))(X, Y)[0].value, rel=1e-9)
    assert found["shift"]["value"] == pytest.approx(shift(X, Y).value, rel=1e-6)
    assert list(probes({"far": shift})(Y)[0]) == ["far"]
    assert list(probes(shift)(Y)[0]) == ["shift"]


def test_everything_is_measured_in_the_space_of_the_features():
    found, _ = probes(["energy", shift], Own(lambda x: x[:, :1]))(Y)
    assert found["energy"]["value"] == pytest.approx(EnergyDistance()(X[:, :1], Y[:, :1])[0].value, rel=1e-6)
    assert found["shift"]["value"] == pytest.approx(shift(X[:, :1], Y[:, :1]).value, rel=1e-6)


@pytest.mark.parametrize("given", ["energy", "kid", KernelDistance(Gaussian(1.0))])
def test_what_is_remembered_is_enough_for_the_three_sample_test(given):
    p = probes(given)
    metric = p.probes[0].measure
    assert isinstance(metric, KernelScore)
    expected = three_sample_test(X, Y, Z, kernel=metric.compares_by(X.double()))
    memory = [{k: v.clone() for k, v in p.remember(y).items()} for y in (Y, Z)]
    assert p.compare(*memory) == pytest.approx((expected.difference, expected.stderr), rel=1e-9)


def test_a_score_without_a_kernel_is_tested_by_kids():
    expected = three_sample_test(X, Y, Z, kernel=KID().compares_by(X))
    p = probes("fid")
    assert p.compare(p.remember(Y), p.remember(Z)) == pytest.approx((expected.difference, expected.stderr), rel=1e-9)
    assert p(Y)[1] == {}, "and the error of its change is that of both"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("kidd", "no metric 'kidd'; did you mean 'kid'"),
        ("kid,memorisation", "memorisation needs more and is left to the verdict"),
        ("", "no metric ''"),
        ([], "must name at least one score, got none"),
        ([3], "takes names of scores, metrics and functions, got 3"),
        (None, "takes names of scores, metrics and functions, got None"),
    ],
)
def test_what_is_no_probe_is_refused_before_there_is_a_folder(given, said, game, data, fit, tmp_path):
    with pytest.raises(Refused, match=said):
        fit(game(), data, tmp_path / "run", probes=given)
    assert not (tmp_path / "run").exists()


def test_features_that_do_not_suit_are_refused(game, data, fit, tmp_path):
    for name, said in (("lenett", "no features 'lenett'"), ("pixels", "pixels need pictures")):
        with pytest.raises(Refused, match=said):
            fit(game(), data, tmp_path / "run", probe_features=name)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("given", ["kid,prdc", [KernelDistance(Gaussian(0.5)), "fid"]])
def test_what_can_be_written_down_needs_not_be_said_again(given, game, data, fit, tmp_path):
    run = fit(game(), data, tmp_path / "run", probes=given)
    first = run.folder.read_jsonl("scores.jsonl")[-1]
    pf.resume(tmp_path / "run", steps=6, quiet=True)
    last = run.folder.read_jsonl("scores.jsonl")[-1]
    assert last["turn"] == 6
    assert list(last["scores"]) == list(first["scores"])
    assert first["chosen_by"] == next(iter(first["scores"])) in ("kid", "mmd")


def test_functions_have_to_be_given_again(game, data, fit, tmp_path):
    for name, given in (("probes", [shift]), ("probe_features", lambda x: x[:, :1])):
        fit(game(), data, tmp_path / name, **{"probes": "energy"} | {name: given})
        with pytest.raises(Refused, match="functions, which only Python can pass: give probes= and probe_features="):
            pf.resume(tmp_path / name, steps=6, quiet=True)
        pf.resume(tmp_path / name, steps=6, quiet=True, **{name: given})


def test_the_latest_state_that_is_not_told_from_the_best_is_handed_over(game, data, fit, tmp_path):
    values = iter([1.0, 0.8, 0.9, 2.0, 2.0, 0.1])  # of four turns, then of the last weights and of those not averaged
    run = fit(
        game(), data, tmp_path / "run", probe_every=1, probes={"p": lambda x, y: Number(next(values), stderr=0.1)}
    )
    # 0.1 < 1.96·0.1·√2 = 0.277 < 1.1
    assert [r["best"] for r in run.folder.read_jsonl("scores.jsonl")] == [True, True, True, False]
    assert run.folder.checkpoints.load_best().turn == 3
    kept = run.kept
    assert (kept["turn"], kept["turns"], kept["best_turn"], kept["chosen_by"]) == (3, 4, 2, "p")
    assert kept["stopped_improving"]
    assert {name: w["better"] for name, w in kept["weights"].items()} == {"last": False, "raw": True}


def test_lenet_features_on_labelled_pictures(fit, tmp_path):
    data = pf.data.load("digits")
    small = pf.recipes.mmd_net(data.space, network=pf.networks.MLP((8,)), batch_size=50)
    run = fit(small, data, tmp_path / "run", steps=2, probes="kid,inception-score", probe_features="lenet")
    found = run.folder.read_jsonl("scores.jsonl")[-1]["scores"]
    assert list(found) == ["kid", "inception-score"]
    assert all(np.isfinite(s["value"]) for s in found.values())
    assert "lenet" in str(run.folder.read_json("environment.json")["probe_features"]).lower()
