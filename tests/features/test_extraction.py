"""Extraction: processes, batches and the cache change no number; the cache knows contents, not names."""

from multiprocessing import active_children
from typing import ClassVar

import pytest
import torch

import pushforward as pf
from pushforward.errors import Refused
from pushforward.features import Features, Identity, LeNet, Own, RandomConv
from pushforward.features import extraction as room
from pushforward.features.extraction import extraction
from pushforward.networks.lenet import Classifier
from pushforward.spaces import Image


def pictures(n, seed=0):
    return torch.rand(n, 3, 12, 12, generator=torch.Generator().manual_seed(seed)) * 2 - 1


class Counting(Features):
    """Rows and their classes; counts the blocks that it maps."""

    rows: ClassVar[int] = 4

    def __init__(self, name="counting", bias=0.0):
        self.name, self.bias, self.blocks = name, bias, 0

    @property
    def protocol(self):
        return {"features": self.name, "bias": self.bias}

    def block(self, x):
        self.blocks += 1
        return x.flatten(1) + self.bias

    def classes(self, x, z):
        return z.softmax(1)


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    monkeypatch.setenv("PUSHFORWARD_CACHE", str(tmp_path))
    return tmp_path / "features"


@pytest.mark.parametrize("sizes", [(70,), (1,) * 70, (33, 37), (64, 6)])
@pytest.mark.parametrize("keep", [False, True])
def test_batches_and_the_cache_change_no_bit(sizes, keep):
    x = pictures(70)
    expected = RandomConv()(x)
    for _ in range(2):
        found = list(extraction(RandomConv(), keep=keep).stream(x.split(sizes)))
        assert torch.equal(torch.cat([m.features for m in found]), expected)


def test_processes_change_no_bit(folder):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        f = LeNet(Classifier(Image(3, 12, 12), 5).eval(), made_of={"weights": "these"})
    x = pictures(600)
    found, running = [], 0
    for part in extraction(f, workers=2, keep=True).stream(x.split(70), classes=True):
        running = max(running, len(active_children()))
        found.append(part)
    assert running >= 2
    assert torch.equal(torch.cat([m.features for m in found]), f(x))
    assert torch.equal(torch.cat([m.probabilities for m in found]), f.classify(x))
    alone = extraction(f, keep=True)
    assert torch.equal(alone.classify(x), f.classify(x)), "what two processes left is what one finds"
    assert "600 of 600" in alone.notes[0]


def test_the_cache_knows_points_map_and_what_was_wanted(folder):
    x, f = pictures(10), Counting()
    at_work = extraction(f, keep=True)
    assert torch.equal(at_work(x), x.flatten(1))
    assert (f.blocks, at_work.notes) == (3, ())
    assert torch.equal(at_work(x.clone()), x.flatten(1))
    assert f.blocks == 3
    (note,) = at_work.notes
    assert note == f"Features of 10 of 20 points came from the cache in {folder}."
    for other in (x + 1e-6, x.flip(0), x.double(), x[:9]):
        before = f.blocks
        assert torch.equal(at_work(other), other.flatten(1))
        assert f.blocks > before
    assert torch.equal(at_work.classify(x), x.flatten(1).softmax(1))
    assert len(list(folder.iterdir())) == 6
    for g in (Counting(name="other"), Counting(bias=1.0)):
        extraction(g, keep=True)(x)
        assert g.blocks == 3


def test_a_damaged_file_is_computed_again_and_said(folder):
    x, f = pictures(10), Counting()
    expected = extraction(f, keep=True)(x)
    (path,) = folder.iterdir()
    content = bytearray(path.read_bytes())
    content[-40] ^= 0x40  # a feature, which stays a number
    path.write_bytes(content)
    at_work = extraction(f, keep=True)
    assert torch.equal(at_work(x), expected)
    assert f.blocks == 6
    (note,) = at_work.notes
    assert note.startswith(f"{path} in the cache was damaged")
    assert torch.equal(extraction(Counting(), keep=True)(x), expected), "and mended"


def test_what_was_interrupted_goes_on_from_there(monkeypatch):
    monkeypatch.setattr(room, "CHUNK", 2)
    x, f = pictures(40), Counting()
    stream = extraction(f, keep=True).stream([x])
    for _ in range(5):
        next(stream)
    stream.close()
    assert f.blocks == 6
    again = Counting()
    at_work = extraction(again, keep=True)
    assert torch.equal(at_work(x), x.flatten(1))
    assert again.blocks == 4
    assert at_work.notes[0].startswith("Features of 24 of 40 points")


def test_a_damaged_file_is_computed_again(folder):
    x, f = pictures(4), Counting()
    extraction(f, keep=True)(x)
    (stored,) = folder.iterdir()
    stored.write_bytes(stored.read_bytes()[:50])
    assert torch.equal(extraction(f, keep=True)(x), f(x))


def test_without_being_asked_nothing_is_kept_and_what_costs_nothing_never_is(folder):
    f = Counting()
    assert extraction(f) is f
    f(pictures(4))
    assert isinstance(extraction(Identity(), keep=True, workers=2), Identity)
    assert not folder.exists()


def test_what_cannot_be_kept_or_sent_is_said():
    own = Own(lambda x: x.flatten(1))
    with pytest.raises(Refused, match="--cache keeps features by what made them, and of .*lambda.* cannot be known"):
        extraction(own, keep=True)
    with pytest.raises(Refused, match="--workers needs features that another process can be given"):
        extraction(own, workers=2)(pictures(4))
    with pytest.raises(Refused, match="--workers must be at least 1, got 0"):
        extraction(own, workers=0)


def test_scores_are_the_same_and_say_what_came_from_the_cache():
    data = pf.data.load("digits")
    fake = data.codec.decode(data.train.all(60))
    asked = {"features": "random-conv", "metrics": "energy", "floor": False, "classes": False, "rows": 60}
    plain, first, second = (pf.score(data, fake, cache=cache, **asked) for cache in (False, True, True))
    assert plain["energy"].value == first["energy"].value == second["energy"].value
    assert not any("cache" in w for w in first.warnings)
    assert any("Features of 120 of 120 points came from the cache" in w for w in second.warnings)
    assert plain.protocol == second.protocol
    models, asked = {"a": fake, "b": fake[::-1]}, {"features": "random-conv", "rows": 60}
    ranked = [pf.compare(data, models, cache=cache, **asked) for cache in (False, True, True)]
    assert ranked[0].ranking.values == ranked[1].ranking.values == ranked[2].ranking.values
    assert any("came from the cache" in w for w in ranked[2].to_json()["warnings"])
