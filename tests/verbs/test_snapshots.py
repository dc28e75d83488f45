"""What a run folder holds of how samples came about, by the kind of data."""

import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import pushforward as pf
from pushforward.networks import DCGAN, MLP
from pushforward.samplers import Normal


@pytest.fixture
def digits():
    """Pictures of 8×8 pixels, of three classes."""
    rng = np.random.default_rng(0)
    return pf.data.load((rng.integers(0, 256, (60, 8, 8), dtype=np.uint8), np.arange(60) % 3))


def test_pictures_are_kept_as_they_are_shown_a_class_a_column(digits, fit, tmp_path):
    game = pf.recipes.gan(digits.space, network=DCGAN(4), noise=Normal(3), batch_size=8)
    run = fit(game, digits, tmp_path / "run", steps=2)
    arrays = run.folder.read_arrays("progress.npz")
    assert arrays["turns"].tolist() == [0, 1, 2]
    assert arrays["samples"].shape == (3, 10, 8, 8, 1)
    assert arrays["samples"].dtype == arrays["data_examples"].dtype == np.uint8
    drawn = Image.open(io.BytesIO((run.path / "now.png").read_bytes()))
    assert drawn.format == "PNG"


def test_columns_have_their_names_and_levels(fit, tmp_path):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"age": rng.normal(40, 9, 200), "metal": rng.choice(["tin", "gold"], 200)})
    data = pf.data.load(frame)
    run = fit(pf.recipes.gram(data.space, network=MLP((8,)), noise=Normal(3), batch_size=8), data, tmp_path / "run")
    arrays = run.folder.read_arrays("progress.npz")
    assert arrays["columns"].tolist() == ["age", "metal"]
    assert arrays["levels"].tolist() == [["", ""], ["gold", "tin"]]
    assert set(np.unique(arrays["samples"][..., 1])) <= {0.0, 1.0}


def test_a_wide_table_keeps_its_first_columns(fit, tmp_path):
    data = pf.data.load(np.random.default_rng(0).normal(size=(100, 30)))
    run = fit(pf.recipes.gram(data.space, network=MLP((8,)), noise=Normal(3), batch_size=8), data, tmp_path / "run")
    assert run.folder.read_arrays("progress.npz")["samples"].shape == (4, 500, 12)


def test_a_run_says_where_its_picture_is(game, data, tmp_path, capsys):
    pf.fit(game(), data, run=tmp_path / "run", steps=2, verdict=False, device="cpu")
    assert f"{tmp_path / 'run' / 'now.png'}" in capsys.readouterr().err


def test_tensorboard_has_the_pictures_of_landmarks(game, data, fit, tmp_path):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    fit(game(), data, tmp_path / "run", steps=6, tensorboard=True)
    events = EventAccumulator(str(tmp_path / "run" / "tensorboard"), {"images": 0}).Reload()
    assert [picture.step for picture in events.Images("samples")] == [0, 1, 2, 5, 6]


def test_a_run_with_its_picture_is_a_run_and_no_folder_of_pictures(game, data, fit, tmp_path):
    from pushforward.verbs.path_kind import is_run

    assert is_run(fit(game(), data, tmp_path / "run").path)
