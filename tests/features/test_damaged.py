"""Features on the disk that somebody damaged are computed again, never used and never a traceback."""

import torch

from pushforward.features import cache

COUNT = 1000


def test_a_damaged_file_is_none_or_the_same(damaged, tmp_path):
    kept = {"features": torch.randn(6, 3, generator=torch.Generator().manual_seed(0))}
    cache.store(tmp_path / "sound.safetensors", kept, {"protocol": "identity"})
    path, lost = tmp_path / "a.safetensors", 0
    for content in damaged((tmp_path / "sound.safetensors").read_bytes(), COUNT):
        path.write_bytes(content)
        found = cache.load(path)
        lost += isinstance(found, cache.Damaged)
        assert isinstance(found, cache.Damaged) or torch.equal(found[0]["features"], kept["features"])
    assert lost > COUNT // 2
