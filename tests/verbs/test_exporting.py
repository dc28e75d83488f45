"""A sampler as one ONNX file: what another program makes of it, and what is refused."""

import json

import numpy as np
import pandas as pd
import pytest
import torch

import pushforward as pf
from pushforward.errors import Refused
from pushforward.networks import DCGAN, MLP
from pushforward.samplers import Normal

RNG = np.random.default_rng(0)


@pytest.fixture
def session(tmp_path):
    """Writes a run's file, and opens it in ONNX Runtime."""
    for package in ("onnx", "onnxscript"):
        pytest.importorskip(package)
    runtime = pytest.importorskip("onnxruntime")

    def opened(run, **options):
        path = pf.export(run, tmp_path / "g.onnx", **options)
        return runtime.InferenceSession(str(path), providers=["CPUExecutionProvider"])

    return opened


def legend(session):
    return {name: json.loads(value) for name, value in session.get_modelmeta().custom_metadata_map.items()}


def test_vectors_are_those_of_torch(session, game, data, fit, tmp_path):
    """The same noise gives the same points to 1e-5, as many as are asked for, with whatever weights."""
    run = fit(game(), data, tmp_path / "run", steps=8)
    z = Normal(3).draw(17, torch.Generator().manual_seed(0))
    for weights in ("best", "raw"):
        onnx = session(run, weights=weights)
        assert [i.name for i in onnx.get_inputs()] == ["noise"]
        (found,) = onnx.run(None, {"noise": z.numpy()})
        expected = run.codec.decode(pf.spaces.Batch(run.sampler(weights).push(z).detach()))
        assert found.dtype == expected.dtype
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)
    assert legend(onnx) == {"noise": {"law": "Normal", "dim": 3, "scale": 1.0}}


def test_pictures_with_labels(session, fit, tmp_path):
    """Bytes as the data are: rounding may turn a value within 1e-5 of a half, and no other, by one."""
    data = pf.data.load((RNG.integers(0, 256, (60, 10, 9, 3), dtype=np.uint8), np.array(["cat", "dog"] * 30)))
    run = fit(pf.recipes.gan(data.space, DCGAN(2), noise=Normal(5), batch_size=8), data, tmp_path / "run")
    onnx = session(run)
    z, label = Normal(5).draw(13, torch.Generator().manual_seed(0)), torch.arange(13) % 2
    (found,) = onnx.run(None, {"noise": z.numpy(), "label": label.numpy()})
    with torch.no_grad():
        x = run.sampler().push(z, label)
    expected = run.codec.decode(pf.spaces.Batch(x))
    assert (found.dtype, found.shape) == (np.uint8, (13, 10, 9, 3))
    off = found.astype(int) - expected.astype(int)
    levels = (x.double() + 1) / 2 * 255
    near = ((levels - levels.floor() - 0.5).abs() < 1e-5 * 255).movedim(1, 3).numpy()
    assert (abs(off) <= near).all()
    assert legend(onnx) == {"noise": {"law": "Normal", "dim": 5, "scale": 1.0}, "classes": ["cat", "dog"]}
    (one,) = onnx.run(None, {"noise": z.numpy()[:1], "label": label.numpy()[:1]})
    assert (abs(one[0].astype(int) - found[0].astype(int)) <= 1).all()


@pytest.mark.parametrize("plan", [DCGAN(2), MLP((8,))], ids=["DCGAN", "MLP"])
def test_pictures_whose_labels_are_clusters(plan, session, fit, tmp_path):
    """One number more in the noise chooses the cluster, of which the file says nothing else."""
    data = pf.data.load(RNG.integers(0, 256, (60, 16, 16), dtype=np.uint8))
    run = fit(pf.recipes.gan(data.space, plan, noise=Normal(5), clusters=3, batch_size=8), data, tmp_path / "run")
    onnx = session(run)
    assert [i.name for i in onnx.get_inputs()] == ["noise"]
    z = torch.cat([Normal(5).draw(13, torch.Generator().manual_seed(0)), torch.linspace(0, 1, 13)[:, None]], 1)
    (found,) = onnx.run(None, {"noise": z.numpy()})
    with torch.no_grad():
        expected = run.codec.decode(pf.spaces.Batch(run.sampler().push(z)))
    assert found.shape == (13, 16, 16)
    assert (abs(found.astype(int) - expected.astype(int)) <= 1).all()
    assert legend(onnx) == {"noise": {"law": "BesideUniform", "first": {"law": "Normal", "dim": 5, "scale": 1.0}}}


def test_the_decoder_of_an_autoencoder(session, fit, tmp_path):
    data = pf.data.load(np.random.default_rng(0).integers(0, 256, (60, 8, 8), dtype=np.uint8))
    run = fit(pf.recipes.wae_gan(data.space, MLP((8,)), MLP((8,)), Normal(3), batch_size=8), data, tmp_path / "run")
    onnx = session(run)
    z = torch.randn(5, 3)
    with torch.no_grad():
        expected = run.codec.units(run.sampler().push(z)).numpy()
    assert np.abs(onnx.run(None, {"noise": z.numpy()})[0].astype(int) - expected.astype(int)).max() <= 1


def test_a_table_with_levels(session, fit, tmp_path):
    frame = pd.DataFrame({"x": RNG.normal(50, 9, 90), "metal": RNG.choice(["tin", "gold"], 90)})
    data = pf.data.load(frame)
    run = fit(pf.recipes.gan(data.space, MLP((8,)), noise=Normal(4), batch_size=8), data, tmp_path / "run")
    onnx = session(run)
    z = Normal(4).draw(20, torch.Generator().manual_seed(0))
    (found,) = onnx.run(None, {"noise": z.numpy()})
    expected = run.codec.decode(pf.spaces.Batch(run.sampler().push(z).detach()))
    told = legend(onnx)
    assert told["columns"] == ["x", "metal"]
    np.testing.assert_allclose(found[:, 0], expected["x"], rtol=1e-5)
    assert [told["levels"]["metal"][int(i)] for i in found[:, 1]] == expected["metal"].tolist()


def test_an_existing_file_is_replaced_and_the_run_has_a_place_for_its_own(session, game, data, fit, tmp_path):
    run = fit(game(), data, tmp_path / "run")
    (tmp_path / "g.onnx").write_text("old")
    session(run)
    assert pf.export(tmp_path / "run").name == "sampler.onnx"
    assert (tmp_path / "run" / "sampler.onnx").read_bytes() == (tmp_path / "g.onnx").read_bytes()


def test_a_run_writes_the_same_file(session, game, data, fit, tmp_path):
    run = fit(game(), data, tmp_path / "run", steps=8)
    z = Normal(3).draw(5, torch.Generator().manual_seed(0)).numpy()
    runtime = pytest.importorskip("onnxruntime")
    for weights in ("best", "raw"):
        path = run.export(tmp_path / f"{weights}.onnx", weights=weights)
        own = runtime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        assert np.array_equal(own.run(None, {"noise": z})[0], session(run, weights=weights).run(None, {"noise": z})[0])


def test_what_is_more_than_a_network_is_refused(fit, data, tmp_path):
    run = fit(pf.recipes.gmm(data.space), data, tmp_path / "run")
    with pytest.raises(Refused, match=r"GaussianMixture, is more than that; `pushforward sample` draws from it"):
        pf.export(run, tmp_path / "g.onnx")
    assert not (tmp_path / "g.onnx").exists()


def test_refused_before_the_run_is_opened(game, data, fit, tmp_path):
    fit(game(), data, tmp_path / "run")
    with pytest.raises(Refused, match=r"must be a file that ends in \.onnx, got .*g\.pt"):
        pf.export(tmp_path / "run", tmp_path / "g.pt")
    with pytest.raises(Refused, match="is not a run folder"):
        pf.export(tmp_path, tmp_path / "g.onnx")


def test_without_the_extra(game, data, fit, tmp_path, monkeypatch):
    run = fit(game(), data, tmp_path / "run")
    monkeypatch.setitem(__import__("sys").modules, "onnxscript", None)
    with pytest.raises(Refused, match=r"export needs the extra: pip install 'pushforward\[onnx\]'"):
        pf.export(run, tmp_path / "g.onnx")
