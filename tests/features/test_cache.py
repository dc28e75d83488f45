"""The cache: what was stored comes back, damage is no answer, equal contents have equal keys."""

import torch

from pushforward.features import cache


def test_stores_and_loads(tmp_path):
    path = tmp_path / "deep" / "map.safetensors"
    assert cache.load(path) is None
    cache.store(path, {"w": torch.arange(3.0)}, {"from": "here"})
    tensors, words = cache.load(path)
    assert torch.equal(tensors["w"], torch.arange(3.0))
    assert words == {"from": "here"}


def test_a_damaged_file_is_as_good_as_none(tmp_path):
    path = tmp_path / "map.safetensors"
    cache.store(path, {"w": torch.arange(300.0)}, {})
    for damaged in (path.read_bytes()[:100], b"", b"\xff" * 50):
        path.write_bytes(damaged)
        assert cache.load(path) is None


def test_folder_is_named_by_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("PUSHFORWARD_CACHE", str(tmp_path))
    assert cache.folder() == tmp_path
    monkeypatch.delenv("PUSHFORWARD_CACHE")
    assert cache.folder().parts[-2:] == (".cache", "pushforward")


def test_content_knows_type_shape_and_order():
    x = torch.arange(4.0)
    keys = [cache.content(z) for z in (x, x.double(), x[:, None], x.flip(0), x.int())]
    keys += [cache.content(x, "a"), cache.content("a", x), cache.content("ab"), cache.content("a", "b")]
    assert len(set(keys)) == len(keys)
    assert cache.content(x) == cache.content(x.clone())
    assert cache.content(x.reshape(2, 2).T) == cache.content(x.reshape(2, 2).T.contiguous())
