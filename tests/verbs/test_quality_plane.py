"""Runs on the plane of likelihood and quality: what is measured once, what has no likelihood, whose law a mark is."""

import numpy as np
import pytest

import pushforward as pf
from pushforward.networks import MLP


@pytest.fixture
def runs(fit, tmp_path):
    rows = np.random.default_rng(0).normal(size=(400, 2)).astype("float32")
    np.save(tmp_path / "rows.npy", rows)
    data = pf.data.load(tmp_path / "rows.npy")
    small = {"network": MLP((8,)), "critic_network": MLP((8,))}
    games = {
        "flow": pf.recipes.real_nvp(data.space, widths=(8,), layers=2),
        "both": pf.recipes.ade(data.space, widths=(8,), layers=2, **small),
        "gan": pf.recipes.gan(data.space, **small),
    }
    return [fit(game, data, tmp_path / name, verdict=True) for name, game in games.items()]


def test_the_page_places_every_law_and_says_where_there_is_no_likelihood(runs, tmp_path):
    page = pf.report([run.path for run in runs], out=tmp_path / "page.html").read_text()
    section = page.partition("Likelihood against quality")[2].partition("<section")[0]
    assert section.count("<img") == 2
    assert section.count("no likelihood") == 1
    for words in ("full law", "decoder&#x27;s means", "log-likelihood", "KID", "FID", "60 rows"):
        assert words in section
    table = section.partition("<table")[2]
    assert table.count("in nats a row, exact") == 1  # the flow; of the bound each of both laws
    assert table.count("in nats a row, a lower bound by 50 draws of a code (K)") == 2
    plane = runs[1].folder.read_json("plane.json")
    assert set(plane["points"]) == {"full law", "decoder's means"}
    gan = runs[2].folder.read_json("plane.json")
    assert gan["floor"] == plane["floor"]


def test_what_a_likelihood_is_does_not_part_runs_into_tables(runs, tmp_path):
    """An exact density, a bound and none at all stand in one table of scores, since these are measured alike."""
    page = pf.report([run.path for run in runs], out=tmp_path / "page.html").read_text()
    assert page.count("Sorted by") == 1
    assert "stands apart" not in page


def test_a_floor_is_what_training_rows_score(runs, tmp_path):
    pf.report([run.path for run in runs[:2]], out=tmp_path / "page.html")
    floor = runs[0].folder.read_json("plane.json")["floor"]
    test = runs[0].data.test.all().x
    expected = pf.metrics.KID()(test, runs[0].data.train.all(len(test)).x)[0]
    assert floor["kid"]["value"] == pytest.approx(expected.value)
    assert floor["kid"]["stderr"] == pytest.approx(expected.stderr)


def test_what_was_measured_is_not_measured_again(runs, tmp_path):
    paths = [run.path for run in runs]
    pf.report(paths, out=tmp_path / "page.html")
    before = (runs[0].path / "plane.json").stat().st_mtime_ns
    pf.report(paths, out=tmp_path / "page.html")
    assert (runs[0].path / "plane.json").stat().st_mtime_ns == before


def test_runs_without_any_likelihood_have_no_plane(runs, fit, tmp_path):
    other = fit(pf.recipes.gan(runs[2].game.space, network=MLP((8,))), runs[2].data, tmp_path / "other", verdict=True)
    page = pf.report([runs[2].path, other.path], out=tmp_path / "page.html").read_text()
    assert "Likelihood against quality" not in page
    assert not (other.path / "plane.json").exists()
