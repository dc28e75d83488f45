import numpy as np
import pytest
import torch

from pushforward.data import load
from pushforward.data.parts.changed import ChangedPart
from pushforward.data.parts.stored import MappedPart, PostponedPart, TensorPart
from pushforward.data.raw import memory as module
from pushforward.errors import Refused
from pushforward.spaces import Batch

RNG = np.random.default_rng(1)
BYTES = RNG.integers(0, 256, (60, 5, 7), dtype=np.uint8)
ROWS = RNG.normal(size=(60, 4)) * [1, 10, 100, 0] + 5


def agree(one, other):
    for name in ("train", "validation", "test"):
        a, b = getattr(one, name), getattr(other, name)
        index = torch.tensor([2, 0, 2, 1])
        assert torch.allclose(a.take(index).x, b.take(index).x, atol=1e-6)
        assert torch.allclose(a.all().x, b.all().x, atol=1e-6)
        assert a.take(index).x.dtype == torch.float32


@pytest.mark.parametrize("x", [BYTES, ROWS, ROWS[:, 0]], ids=["images", "rows", "line"])
def test_rows_on_disk_are_those_in_memory(x, tmp_path, monkeypatch):
    np.save(tmp_path / "a.npy", x)
    memory = load(tmp_path / "a.npy")
    monkeypatch.setattr(module, "IN_MEMORY", 0)
    disk = load(tmp_path / "a.npy")
    assert isinstance(memory.train, TensorPart)
    assert isinstance(disk.train, MappedPart)
    assert isinstance(disk.train.source, np.memmap)
    agree(memory, disk)
    assert disk.content_hash == memory.content_hash
    assert disk.codec == memory.codec


@pytest.mark.parametrize("x", [BYTES, ROWS], ids=["images", "rows"])
def test_a_large_file_is_encoded_when_it_is_asked_for(x, tmp_path, monkeypatch):
    np.save(tmp_path / "a.npy", x)
    memory = load(tmp_path / "a.npy")
    monkeypatch.setattr(module, "AT_ONCE", 0)
    later = load(tmp_path / "a.npy")
    assert isinstance(later.train, PostponedPart)
    assert torch.equal(later.train.all(5).x, memory.train.all(5).x)
    assert "held" not in vars(later.train)
    agree(memory, later)
    assert isinstance(later.train.to("cpu"), TensorPart)
    assert len(later.train) == len(memory.train)


def test_large_images_stay_bytes(monkeypatch):
    floats = load(BYTES)
    monkeypatch.setattr(module, "AS_FLOATS", 0)
    kept = load(BYTES)
    assert kept.train.x.dtype == torch.uint8
    agree(floats, kept)


def test_only_rows_asked_for_are_read(tmp_path, monkeypatch):
    np.save(tmp_path / "a.npy", ROWS)
    monkeypatch.setattr(module, "IN_MEMORY", 0)
    part = load(tmp_path / "a.npy").train
    seen = []
    monkeypatch.setattr(type(part.codec), "encode", lambda _, x: seen.append(x.shape) or Batch(torch.empty(0)))
    part.take(torch.tensor([5, 1, 1]))
    assert seen == [(3, 4)]


def test_nan_on_disk_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "IN_MEMORY", 0)
    np.save(tmp_path / "a.npy", np.where(np.arange(60)[:, None] == 50, np.nan, ROWS))
    with pytest.raises(Refused, match="the first in row 50"):
        load(tmp_path / "a.npy")


def test_limit_takes_the_first():
    part = load(ROWS).train
    assert torch.equal(part.all(3).x, part.all().x[:3])
    assert len(part.all(1000).x) == len(part)


def test_to_a_device():
    part = load((ROWS, np.arange(60) % 2)).train.to("meta")
    assert part.take(torch.tensor([0, 1])).x.device.type == "meta"
    assert part.take(torch.tensor([0, 1])).label.device.type == "meta"


class TestHash:
    def test_is_of_the_content_not_the_path(self, tmp_path):
        np.save(tmp_path / "a.npy", ROWS)
        np.save(tmp_path / "b.npy", ROWS)
        assert load(tmp_path / "a.npy").content_hash == load(tmp_path / "b.npy").content_hash

    def test_is_not_of_the_seed(self):
        assert load(ROWS, seed=1).content_hash == load(ROWS, seed=2).content_hash

    @pytest.mark.parametrize(
        "change",
        [
            lambda x, y: (np.where(np.arange(60)[:, None] == 31, x + 1e-9, x), y),
            lambda x, y: (x[::-1], y),
            lambda x, y: (x.astype(np.float32), y),
            lambda x, y: (x, np.where(np.arange(60) == 31, 1 - y, y)),
            lambda x, y: (x[:-1], y[:-1]),
        ],
        ids=["a value", "the order", "the type", "a label", "the length"],
    )
    def test_changes_with(self, change):
        y = np.arange(60) % 2
        assert load(change(ROWS, y)).content_hash != load((ROWS, y)).content_hash

    def test_knows_shapes(self):
        assert load(np.arange(60.0)).content_hash != load(np.arange(60.0)[:, None]).content_hash


def test_points_of_a_part_are_changed_as_they_are_taken():
    label, index = torch.arange(6), torch.tensor([4, 0])
    x = torch.arange(12.0).view(6, 2)
    changed = ChangedPart(TensorPart(x, label), lambda x: x.flip(1))
    assert (len(changed), changed.shape) == (6, (2,))
    assert torch.equal(changed.take(index).x, torch.tensor([[9.0, 8.0], [1.0, 0.0]]))
    assert torch.equal(changed.to("cpu").all().label, label)
    assert torch.equal(torch.cat(list(changed.blocks(4))), x.flip(1))
