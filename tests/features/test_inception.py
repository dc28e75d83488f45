"""The FID Inception network against vectors of an independent computation, resizes, files of weights."""

import io
import zipfile

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

from pushforward.errors import Refused
from pushforward.features import CleanFID, Inception, PytorchFID, TorchFidelity

COUNT = 2
"""Pictures that are mapped: about a second each at 768 features."""


@pytest.fixture(scope="module")
def weights(shared_data):
    return shared_data / "weights" / "inception_fid_768.safetensors"


@pytest.fixture(scope="module")
def pictures(shared_data):
    """The first CIFAR-10 test pictures, channels first, 8 bits."""
    with zipfile.ZipFile(shared_data / "cifar10_test.zip") as archive:
        strip = np.asarray(Image.open(io.BytesIO(archive.read("strip_000.webp"))))
    return torch.from_numpy(strip.reshape(-1, 32, 32, 3)[:COUNT].copy()).permute(0, 3, 1, 2).contiguous()


@pytest.mark.parametrize("width", [64, 192, 768])
def test_equals_the_check_vectors(shared_data, weights, pictures, width):
    expected = np.load(shared_data / "weights" / "check_vectors.npz")[f"inception_{width}"][:COUNT]
    found = Inception.from_file(weights, width=width)(pictures).numpy()
    assert np.linalg.norm(found - expected) < 1e-4 * np.linalg.norm(expected)


def test_ranges_and_gray_give_the_same(weights, pictures):
    f = Inception.from_file(weights, width=64)
    torch.testing.assert_close(f(pictures.float() / 127.5 - 1), f(pictures))
    gray = pictures[:, :1]
    torch.testing.assert_close(f(gray), f(gray.expand(-1, 3, -1, -1)))
    assert f.classify(pictures) is None
    assert f.protocol["layer"] == "64"


def test_weights_that_end_early_or_are_not_there(weights, tmp_path, monkeypatch):
    with pytest.raises(Refused, match="lacks Mixed_7c.branch_pool.*64 or 192 or 768"):
        Inception.from_file(weights)
    monkeypatch.setenv("PUSHFORWARD_CACHE", str(tmp_path))
    monkeypatch.delenv("PUSHFORWARD_INCEPTION", raising=False)
    with pytest.raises(Refused, match=r"pt_inception-2015-12-05-6726825d.pth.*inception.pth"):
        Inception.found()
    with pytest.raises(Refused, match="no file"):
        Inception.from_file(tmp_path / "x.pth")
    with pytest.raises(Refused, match="width"):
        Inception.from_file(weights, width=100)


def test_batch_norm_apart_is_folded_in(weights, pictures, tmp_path):
    stored = {}
    for name, z in load_file(weights).items():
        layer, kind = name.rsplit(".", 1)
        if kind == "weight":
            stored[f"{layer}.conv.weight"] = 2 * z.float()  # undone by a variance of 4
            stored[f"{layer}.bn.running_var"] = torch.full((len(z),), 4 - 1e-3)
            stored[f"{layer}.bn.weight"], stored[f"{layer}.bn.running_mean"] = torch.ones(len(z)), torch.ones(len(z))
        else:
            stored[f"{layer}.bn.bias"] = z + 0.5
    torch.save(stored, tmp_path / "apart.pth")
    found = Inception.from_file(tmp_path / "apart.pth", width=192)(pictures)
    torch.testing.assert_close(found, Inception.from_file(weights, width=192)(pictures), rtol=1e-4, atol=1e-5)


def test_the_whole_network_has_2048_features_and_1008_classes(weights, pictures, tmp_path):
    tensors = {k: v.float() for k, v in load_file(weights).items()}
    shapes = {
        "Mixed_7a": {"branch3x3_1": (192, 768, 1, 1), "branch3x3_2": (320, 192, 3, 3),
                     "branch7x7x3_1": (192, 768, 1, 1),
                     "branch7x7x3_2": (192, 192, 1, 7), "branch7x7x3_3": (192, 192, 7, 1),
                     "branch7x7x3_4": (192, 192, 3, 3)},
    }  # fmt: skip
    for name, width in (("Mixed_7b", 1280), ("Mixed_7c", 2048)):
        shapes[name] = {
            "branch1x1": (320, width, 1, 1), "branch3x3_1": (384, width, 1, 1), "branch3x3_2a": (384, 384, 1, 3),
            "branch3x3_2b": (384, 384, 3, 1), "branch3x3dbl_1": (448, width, 1, 1), "branch3x3dbl_2": (384, 448, 3, 3),
            "branch3x3dbl_3a": (384, 384, 1, 3), "branch3x3dbl_3b": (384, 384, 3, 1),
            "branch_pool": (192, width, 1, 1),
        }  # fmt: skip
    for block, layers in shapes.items():
        for layer, shape in layers.items():
            tensors[f"{block}.{layer}.weight"] = torch.randn(shape) / (shape[1] * shape[2] * shape[3]) ** 0.5
            tensors[f"{block}.{layer}.bias"] = torch.zeros(shape[0])
    tensors["fc.weight"] = torch.randn(1008, 2048) / 45
    save_file(tensors, tmp_path / "whole.safetensors")
    f = Inception.from_file(tmp_path / "whole.safetensors")
    assert f(pictures[:1]).shape == (1, 2048)
    probabilities = f.classify(pictures[:1])
    assert probabilities.shape == (1, 1008)
    assert float(probabilities.sum()) == pytest.approx(1.0, rel=1e-5)


def test_resizes_of_a_ramp():
    ramp = torch.arange(299.0).expand(1, 3, 299, 299)
    for prepare, scale in ((PytorchFID(), 127.5), (TorchFidelity(), 128.0), (CleanFID(), 128.0)):
        torch.testing.assert_close(prepare(ramp)[0, 0, 0], ramp[0, 0, 0] / scale - 1, rtol=0, atol=1e-5)
        assert prepare(torch.rand(2, 3, 5, 40)).shape == (2, 3, 299, 299)
    # TensorFlow 1: pixel i lies at i·w/299 and reads the two inputs around it.
    row = torch.tensor([0.0, 128.0]).expand(1, 3, 2, 2)
    assert float(TorchFidelity()(row)[0, 0, 0, 149]) == pytest.approx((149 * 2 / 299) - 1, abs=1e-6)


def test_only_antialias_keeps_a_fine_pattern_from_aliasing():
    stripes = (torch.arange(897) % 3 == 0).float().mul(255).expand(1, 3, 897, 897)
    assert CleanFID()(stripes)[..., 5:-5].std() < 0.01
    assert abs(float(PytorchFID()(stripes).mean()) - (255 / 3 / 127.5 - 1)) > 0.1
