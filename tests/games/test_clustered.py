"""Clusters stand in for labels: they are found once, matched within, drawn by their shares, and told to nobody."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.metrics import adjusted_rand_score
from torch import nn

import pushforward as pf
from pushforward.critics import DiffAugment
from pushforward.data.parts.stored import TensorPart
from pushforward.errors import Refused
from pushforward.games import Clustered
from pushforward.games.clusters import Clusters
from pushforward.networks import MLP, ConvPool, takes
from pushforward.samplers import Blend, Normal, Pushforward
from pushforward.spaces import Batch, Image, Vector
from pushforward.training import Turn
from pushforward.verbs.label_notes import label_note

PICTURES = Image(1, 16, 16)


class ItsLabel(nn.Module):
    """(z, label) ↦ the label."""

    def forward(self, z: torch.Tensor, label: torch.Tensor) -> torch.Tensor:
        return label[:, None].float()


def kinds(n: int = 300) -> tuple[torch.Tensor, torch.Tensor]:
    """Pictures of three kinds, a half, a third and a sixth of them, each with a square of its own and some noise."""
    kind = torch.tensor([0, 0, 0, 1, 1, 2]).repeat(n // 6)
    x = 0.1 * torch.randn(len(kind), 1, 16, 16)
    for i in range(3):
        x[kind == i, :, 5 * i : 5 * i + 4, 5 * i : 5 * i + 4] += 0.8
    return (x - 0.5).clamp(-1, 1), kind


def small(space=PICTURES, **options):
    return pf.recipes.gan(space, **{"network": MLP((8,)), "noise": Normal(3), "batch_size": 12} | options)


def test_clusters_that_lie_apart_are_found():
    x, kind = kinds()
    clusters = Clusters(7, 256)
    clusters.fit(x.flatten(1), 3, seed=1)
    found = clusters(x)
    assert adjusted_rand_score(kind, found) == 1.0
    assert set(found.tolist()) == {0, 1, 2}, "nothing is nearest to a centroid that was not looked for"
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert torch.equal(clusters(x), found)


def test_a_blend_draws_classes_by_their_shares_and_tells_none():
    """The share of a class among 4,000 samples lies within 5 standard deviations of a binomial."""
    blend = Blend(Pushforward(ItsLabel(), Normal(2), 4), torch.tensor([3.0, 0.0, 1.0, 0.0]))
    y = blend(4000)
    assert y.label is None
    assert blend.classes == 0
    found = y.x[:, 0].long().bincount(minlength=4) / 4000
    for share, p in zip(found.tolist(), (0.75, 0.0, 0.25, 0.0), strict=True):
        assert share == pytest.approx(p, abs=5 * (p * (1 - p) / 4000) ** 0.5)
    last = torch.cat([torch.zeros(1, 2), torch.ones(1, 1)], 1)  # u = 1, beyond every cumulated share
    assert blend.push(last).item() == 2
    with pytest.raises(Refused, match="Blend needs a sampler that takes labels"):
        Blend(Pushforward(nn.Linear(2, 1), Normal(2)))


def test_a_game_matches_within_clusters_and_hands_out_samples_without():
    x, kind = kinds()
    game, turn = small(), None
    game.prepare(TensorPart(x))
    assert isinstance(game, Clustered)
    assert game.space == PICTURES
    assert game.number(len(x)) == 6, "one for 50 rows"
    turn = Turn(dict(game.players()), game.tune)
    assert sorted(turn.players) == ["critic", "sampler"]
    before = {name: p.clone() for name, p in game.named_parameters()}
    turn.begin(0, 0.0)
    game.step(lambda: Batch(x[:12]), turn)
    assert all(not torch.equal(p, before[name]) for name, p in game.named_parameters() if "bias" in name)
    data, samples = game.compared(Batch(x[:12]))
    assert torch.equal(data.label, samples.label)
    assert torch.equal(data.label, game.clusters(x[:12]))
    assert game.sampler(5).label is None
    assert "label" in takes(game.critic()[1])
    assert game.views(Batch(x[:12]))["critic"].shape[0] == 12


def test_samples_are_of_clusters_as_often_as_training_rows(monkeypatch):
    x, kind = kinds()
    game = small(clusters=3)
    game.prepare(TensorPart(x))
    members = game.clusters(x).bincount().double() / len(x)
    assert sorted(members.tolist()) == pytest.approx([1 / 6, 1 / 3, 1 / 2])
    game.sampler.conditional.network = ItsLabel()
    found = game.sampler(3000).x[:, 0].long().bincount(minlength=3) / 3000
    for share, p in zip(found.tolist(), members.tolist(), strict=True):
        assert share == pytest.approx(p, abs=5 * (p * (1 - p) / 3000) ** 0.5)


@pytest.mark.parametrize(
    ("space", "options", "clusters"),
    [
        (PICTURES, {}, 100),
        (PICTURES, {"clusters": 7}, 7),
        (PICTURES, {"clusters": "none"}, 0),
        (PICTURES, {"conditional": False}, 0),
        (PICTURES, {"critic_network": ConvPool((2,), (4,))}, 0),
        (replace(PICTURES, classes=("a", "b")), {}, 0),
        (Image(1, 8, 8), {}, 0),
        (Vector(3), {}, 0),
        (Vector(3), {"clusters": 4}, 4),
    ],
)
def test_which_games_have_clusters(space, options, clusters):
    game = small(space, **options)
    assert game.space == space
    assert (game.most if isinstance(game, Clustered) else 0) == clusters
    assert game.sampler.classes == (2 if space.classes else 0)


def test_what_is_said_of_clusters_and_refused():
    assert (
        label_note(small(), 600) == "The data have no labels: 12 clusters stand in for them; --clusters none for none."
    )
    assert label_note(small(), 60_000).startswith("The data have no labels: 100 clusters")
    assert label_note(small(), 99) is None, "one cluster of all says nothing"
    with pytest.raises(Refused, match="--clusters 40 needs as many training rows, got 30; ask for fewer, or for none"):
        label_note(small(clusters=40), 30)
    for number in (1, 0, -3):
        with pytest.raises(Refused, match=f"--clusters must be auto, none, or at least 2, got {number}"):
            small(clusters=number)


def test_rows_that_repeat_have_fewer_clusters():
    game = small(clusters=4)
    game.prepare(TensorPart(torch.stack([torch.zeros(1, 16, 16), torch.ones(1, 16, 16)]).repeat(10, 1, 1, 1)))
    assert game.sampler(8).x.isfinite().all()
    assert len(game.clusters(torch.zeros(3, 1, 16, 16)).unique()) == 1


def test_changes_of_pictures_reach_the_game_that_is_played():
    game = small()
    assert game.augmentable
    game.augment = DiffAugment()
    assert game.game.augment == game.augment == DiffAugment()


def fitted(data, folder, steps, **options):
    game = small(data.space, **options)
    usual = {"verdict": False, "quiet": True, "device": "cpu", "probes": "energy", "checkpoint_every": 2}
    return pf.fit(game, data, steps=steps, run=folder, **usual)


def test_a_run_with_clusters_goes_on_bit_for_bit_and_tells_nobody_of_them(tmp_path):
    torch.manual_seed(0)
    np.savez(tmp_path / "x.npz", samples=kinds()[0].numpy())
    data = pf.data.load(tmp_path / "x.npz")
    whole, run = fitted(data, tmp_path / "whole", 6), fitted(data, tmp_path / "run", 3)
    torch.manual_seed(1)  # of whatever happens between
    run = pf.resume(run.path, steps=6, quiet=True)
    for weights in ("best", "last", "raw"):
        assert torch.equal(run.draw(20, weights=weights).x, whole.draw(20, weights=weights).x)
    last = [r.folder.checkpoints.load_last().tensors["players"] for r in (run, whole)]
    assert all(torch.equal(last[0][name], last[1][name]) for name in last[1])
    assert pf.load(run.path).draw(5).label is None
    pf.sample(run.path, 7, out=tmp_path / "more.npz")
    assert set(np.load(tmp_path / "more.npz")) == {"samples"}
    space = json.loads((run.path / "space.json").read_text())
    assert space["classes"] == []
    assert "class_shares" not in space
    with pytest.raises(Refused, match="this run's sampler takes no labels"):
        run.draw(5, label="0")


def test_a_recorded_call_that_does_not_speak_of_clusters_had_none(tmp_path):
    torch.manual_seed(0)
    np.savez(tmp_path / "x.npz", samples=kinds()[0].numpy())
    run = fitted(pf.data.load(tmp_path / "x.npz"), tmp_path / "run", 2, clusters="none")
    before, call = run.draw(5).x, run.folder.read_yaml("call.yaml")
    del call["arguments"]["clusters"]
    run.folder.write_yaml("call.yaml", call)
    assert torch.equal(pf.load(run.path).draw(5).x, before)
