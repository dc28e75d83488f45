"""A run is told from pictures by what those cannot have by accident; where a folder holds both, it is asked."""

import shutil

import numpy as np
import pytest
from PIL import Image

import pushforward as pf
from pushforward.data.codecs.image_writing import write_folder
from pushforward.errors import Refused
from pushforward.verbs.path_kind import is_run


@pytest.fixture
def run(game, data, fit, tmp_path):
    return fit(game(), data, tmp_path / "run").path


def pictures(folder, n=24, seed=0):
    folder.mkdir(parents=True, exist_ok=True)
    for i, pixels in enumerate(np.random.default_rng(seed).integers(0, 256, (n, 8, 8), dtype=np.uint8)):
        Image.fromarray(pixels).save(folder / f"{i}.png")
    return folder


@pytest.mark.parametrize(
    "files", [["call.yaml"], ["call.yaml", "space.json"], ["call.yaml", "space.json", "codec.json", "environment.json"]]
)
def test_pictures_that_came_by_some_files_of_a_run_are_pictures(run, tmp_path, files):
    for folder in (tmp_path / "flat", tmp_path / "deep" / "class"):
        pictures(folder)
    for folder in (tmp_path / "flat", tmp_path / "deep"):
        for file in files:
            shutil.copy(run / file, folder)
        assert not is_run(folder)
    a, b = (tmp_path / "flat", pictures(tmp_path / "b", seed=1))
    plain = pf.score(pictures(tmp_path / "a"), b, metrics="energy")
    assert pf.score(a, b, metrics="energy").scores == plain.scores


def test_a_folder_that_is_a_run_and_pictures_is_asked_about(run, tmp_path):
    pictures(run, n=3)
    for ask in (lambda: is_run(run), lambda: pf.score(run, run), lambda: pf.compare(run, {"a": run, "b": run})):
        with pytest.raises(
            Refused, match=f"holds both a run and pictures .0.png.; write run:{run} for the run, or pictur"
        ):
            ask()
    assert is_run(f"run:{run}")
    assert not is_run(f"pictures:{run}")
    assert pf.load(f"run:{run}").sample(3).shape == (3, 2)
    found = pf.score(f"run:{run}", metrics="energy")
    shutil.rmtree(run / "checkpoint")
    pictures(run)
    assert pf.score(f"pictures:{run}", pictures(tmp_path / "b", seed=1), metrics="energy").n_real == 24
    assert found.n_real == 30


@pytest.mark.parametrize("place", ["samples", "more", "elsewhere/deep"])
def test_a_runs_own_pictures_do_not_make_it_pictures(run, place):
    write_folder(run / place, np.zeros((5, 8, 8, 1), np.uint8), None)
    shutil.copy(run / place / "000000.png", run / "picture.png")
    assert is_run(run)


def test_a_run_without_a_checkpoint_is_still_one(run):
    shutil.rmtree(run / "checkpoint")
    assert is_run(run)
    with pytest.raises(Refused, match="has no best checkpoint yet"):
        pf.score(run, metrics="energy")


@pytest.mark.parametrize("given", [None, 3, np.zeros(3), "digits", "no\0path", "nowhere"])
def test_other_things_are_none(given):
    assert not is_run(given)


def test_pictures_in_no_folder_are_refused(tmp_path):
    (tmp_path / "a.npy").write_bytes(b"")
    for path in ("a.npy", "nowhere"):
        with pytest.raises(Refused, match=f"images are read from a folder.*{path}"):
            pf.data.load(f"pictures:{tmp_path / path}")
