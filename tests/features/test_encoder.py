"""Encoders of the transformers package, on tiny networks with random weights in local folders."""

import copy
import json
import sys

import pytest
import torch
from torch.nn import functional as F

from pushforward.errors import Refused
from pushforward.features import Encoder
from pushforward.judging.feature_space import embedding
from pushforward.spaces import Image, Vector

transformers = pytest.importorskip("transformers")

MEAN, STD = (0.4, 0.5, 0.6), (0.2, 0.3, 0.4)
TINY = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "image_size": 28, "patch_size": 14}


def saved(model, folder, **prepared):
    model.save_pretrained(folder)
    described = {"image_mean": MEAN, "image_std": STD, "crop_size": {"height": 28, "width": 28}} | prepared
    (folder / "preprocessor_config.json").write_text(json.dumps(described))
    return folder


@pytest.fixture(scope="module")
def networks():
    """Random ones: DINOv2, CLIP's both halves, and a classifier without a pooling layer."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        half = TINY | {"intermediate_size": 8, "projection_dim": 6}
        text = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8}
        both = transformers.CLIPConfig(vision_config=half, text_config=text | {"vocab_size": 9}, projection_dim=6)
        yield {
            "dinov2": transformers.Dinov2Model(transformers.Dinov2Config(**TINY, mlp_ratio=2)).eval(),
            "clip": transformers.CLIPModel(both).eval(),
            "vit": transformers.ViTForImageClassification(transformers.ViTConfig(**TINY, intermediate_size=8)).eval(),
        }


@pytest.fixture(autouse=True)
def nowhere(monkeypatch, tmp_path):
    monkeypatch.setenv("PUSHFORWARD_CACHE", str(tmp_path / "cache"))
    for name in ("PUSHFORWARD_DINOV2", "PUSHFORWARD_CLIP"):
        monkeypatch.delenv(name, raising=False)


def pictures(n=3, side=28):
    return torch.randint(0, 256, (n, 3, side, side), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)


def prepared(x):
    return (x / 255 - torch.tensor(MEAN)[:, None, None]) / torch.tensor(STD)[:, None, None]


def test_reads_the_layers_that_papers_measure_with(networks, tmp_path):
    """The network called by hand on pictures of its own size: class token, projection, no pooling layer."""
    x = pictures()
    with torch.no_grad():
        dinov2 = networks["dinov2"](prepared(x)).last_hidden_state[:, 0]
        clip = networks["clip"].visual_projection(networks["clip"].vision_model(prepared(x)).pooler_output)
        vit = networks["vit"].vit(prepared(x)).last_hidden_state[:, 0]
    for (name, model), expected in zip(networks.items(), (dinov2, clip, vit), strict=True):
        f = Encoder.found(f"transformers:{saved(model, tmp_path / name)}")
        torch.testing.assert_close(f(x), expected, rtol=1e-4, atol=1e-5)
        assert f.classify(x) is None
        assert f.protocol["model"] == name
        assert json.loads(json.dumps(f.protocol)) == f.protocol


def test_resize_is_antialiased_in_float(networks, tmp_path):
    """Against torch's antialiased bicubic resize, which has Pillow's kernel; reduced and enlarged."""
    f = Encoder.found(f"transformers:{saved(networks['dinov2'], tmp_path / 'here')}")
    for side in (90, 9):
        x = pictures(2, side)
        seen = F.interpolate(x.float(), (28, 28), mode="bicubic", antialias=True)
        with torch.no_grad():
            expected = networks["dinov2"](prepared(seen)).pooler_output
        torch.testing.assert_close(f(x), expected, rtol=1e-3, atol=1e-3)
    assert "antialias, to 28x28" in f.protocol["resize"]


def test_ranges_gray_and_the_number_of_pictures_change_nothing(networks, tmp_path):
    f = Encoder.found(f"transformers:{saved(networks['clip'], tmp_path / 'here')}")
    x = pictures(20)
    torch.testing.assert_close(f(x.float() / 127.5 - 1), f(x), rtol=0, atol=0)
    assert torch.equal(f(x[:, :1]), f(x[:, :1].expand(-1, 3, -1, -1)))
    assert torch.equal(torch.cat([f(x[:16]), f(x[16:])]), f(x))


def test_the_weights_are_cited(networks, tmp_path):
    a = Encoder.found(f"transformers:{saved(networks['dinov2'], tmp_path / 'a')}").protocol
    other = copy.deepcopy(networks["dinov2"])
    other.layernorm.bias.data[0] += 1e-6
    b = Encoder.found(f"transformers:{saved(other, tmp_path / 'b')}").protocol
    assert a["weights"] != b["weights"]


def test_names_are_looked_up_in_the_cache_and_the_environment(networks, tmp_path, monkeypatch):
    space = Image(3, 28, 28)
    saved(networks["dinov2"], tmp_path / "cache" / "dinov2")
    assert embedding("dinov2", space)(pictures()).shape == (3, 8)
    monkeypatch.setenv("PUSHFORWARD_CLIP", str(saved(networks["clip"], tmp_path / "elsewhere")))
    assert embedding("clip", space)(pictures()).shape == (3, 6)
    assert embedding(f"transformers:{tmp_path / 'elsewhere'}", space).protocol["layer"] == "projected image embedding"
    with pytest.raises(Refused, match="features clip need pictures, got Vector"):
        embedding("clip", Vector(3))


def test_says_what_is_missing_and_where_it_should_be(networks, tmp_path, monkeypatch):
    needed = "config.json, model.safetensors and preprocessor_config.json of facebook/dinov2-large"
    with pytest.raises(Refused, match=needed) as said:
        Encoder.found("dinov2")
    assert str(tmp_path / "cache" / "dinov2") in str(said.value)
    assert "$PUSHFORWARD_DINOV2" in str(said.value)
    folder = saved(networks["dinov2"], tmp_path / "here")
    for name in ("model.safetensors", "config.json", "preprocessor_config.json"):
        (folder / name).rename(tmp_path / name)
        with pytest.raises(Refused, match=r"need config.json, model.safetensors and preprocessor_config.json of "):
            Encoder.found(f"transformers:{folder}")
        (tmp_path / name).rename(folder / name)
    with pytest.raises(Refused, match="'nowhere' is neither"):
        Encoder.found("transformers:nowhere")
    with pytest.raises(Refused, match="of owner/name, in that folder, or downloaded before"):
        Encoder.found("transformers:owner/name")
    monkeypatch.setenv("PUSHFORWARD_CLIP", str(tmp_path / "gone"))
    with pytest.raises(Refused, match="PUSHFORWARD_CLIP must name a folder .*gone"):
        Encoder.found("clip")


def test_refuses_files_that_are_not_those_of_an_image_encoder(networks, tmp_path):
    folder = saved(networks["dinov2"], tmp_path / "no-mean", image_mean=[0.5])
    with pytest.raises(Refused, match="image_mean and image_std of 3 channels"):
        Encoder.found(f"transformers:{folder}")
    (folder / "preprocessor_config.json").write_text("{")
    with pytest.raises(Refused, match="is no JSON"):
        Encoder.found(f"transformers:{folder}")
    words = transformers.BertModel(transformers.BertConfig(vocab_size=9, hidden_size=8, num_hidden_layers=1,
                                   num_attention_heads=2, intermediate_size=8))  # fmt: skip
    with pytest.raises(Refused, match="take input_ids, not pictures"):
        Encoder.found(f"transformers:{saved(words, tmp_path / 'words')}")
    config = json.loads((saved(networks["dinov2"], tmp_path / "deeper") / "config.json").read_text())
    (tmp_path / "deeper" / "config.json").write_text(json.dumps(config | {"num_hidden_layers": 2}))
    with pytest.raises(Refused, match="lack weights, encoder.layer.1"):
        Encoder.found(f"transformers:{tmp_path / 'deeper'}")
    (tmp_path / "deeper" / "model.safetensors").write_bytes(b"\xff" * 50)
    with pytest.raises(Refused, match="cannot be loaded"):
        Encoder.found(f"transformers:{tmp_path / 'deeper'}")


def test_without_the_package_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(Refused, match=r"need the package transformers.*pushforward\[features\]"):
        Encoder.found("dinov2")
