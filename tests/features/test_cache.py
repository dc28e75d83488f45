"""The cache: what was stored comes back, damage is no answer, equal contents have equal keys."""

import torch
from safetensors.torch import save

from pushforward.features import cache


def test_stores_and_loads(tmp_path):
    path = tmp_path / "deep" / "map.safetensors"
    assert cache.load(path) is None
    cache.store(path, {"w": torch.arange(3.0)}, {"from": "here"})
    tensors, words = cache.load(path)
    assert torch.equal(tensors["w"], torch.arange(3.0))
    assert words == {"from": "here"}


def test_a_cut_or_foreign_file_is_damaged(tmp_path):
    path = tmp_path / "map.safetensors"
    cache.store(path, {"w": torch.arange(300.0)}, {})
    for damaged in (path.read_bytes()[:100], b"", b"\xff" * 50, save({"w": torch.arange(300.0)})):
        path.write_bytes(damaged)
        assert cache.load(path) == cache.Damaged(path)


def test_whatever_bit_is_flipped_it_is_damaged(tmp_path):
    path = tmp_path / "map.safetensors"
    cache.store(path, {"w": torch.arange(8.0), "v": torch.zeros(2, dtype=torch.int8)}, {"from": "here"})
    whole = path.read_bytes()
    for place in range(len(whole)):
        flipped = bytearray(whole)
        flipped[place] ^= 1 << place % 8
        path.write_bytes(flipped)
        found = cache.load(path)
        assert found == cache.Damaged(path) or same(
            found, ({"w": torch.arange(8.0), "v": torch.zeros(2)}, {"from": "here"})
        )
    path.write_bytes(whole)
    assert isinstance(cache.load(path), tuple)


def same(one, other):
    """Whether nothing that the file says was changed: blanks between words of its header are nothing."""
    (tensors, words), (others, their_words) = one, other
    return words == their_words and all(torch.equal(tensors[name], t.to(tensors[name])) for name, t in others.items())


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
