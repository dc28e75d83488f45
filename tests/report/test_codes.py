"""The section on an encoder: what is drawn of it, and what is said of coordinates that no code uses."""

import numpy as np
import pytest

import pushforward as pf
from pushforward.report.sections.codes import active, by_level, likeness


def test_a_page_shows_what_codes_say(tmp_path):
    data = pf.data.load("digits")
    game = pf.recipes.vae(data.space, pf.networks.MLP((16,)), latent_dim=3)
    run = pf.fit(game, data, steps=30, run=tmp_path / "run", quiet=True)
    page = (run.path / "report.html").read_text()
    assert "What codes say" in page
    assert "of 3 coordinates of a code are active" in page
    assert "They diverge from the prior by " in page
    for caption in ("24 unseen data", "rebuilt from their codes", "lines between codes", "Codes beside the prior"):
        assert caption in page
    for caption in ("directions of codes", "codes of data, by class", "draws of the prior that codes (grey) come near"):
        assert caption in page
    for caption in ("24 draws of the same codes", "24 means of the same codes", "KID of draws", "two-sample test, p ="):
        assert caption in page
    with np.load(run.path / "panels.npz") as panels:
        assert panels["rebuilt_points"].shape == panels["rebuilt_data"].shape == (24, 8, 8, 1)
        assert panels["line_points"].shape == (48, 8, 8, 1)
        assert panels["traversal_points"].shape == (24, 8, 8, 1)
        first = run.data.test.all(1)
        ends = run.reconstruct((run.codec.decode(first), run.codec.classes_of(first)))
        np.testing.assert_allclose(panels["line_points"][0, :, :, 0], ends[0], atol=1)


def test_tables_and_runs_without_an_encoder_have_less(tmp_path):
    data = pf.data.load(np.random.default_rng(0).normal(size=(300, 3)))

    def page(game, name):
        run = pf.fit(game, data, steps=20, run=tmp_path / name, quiet=True)
        return (run.path / "report.html").read_text()

    coded = page(pf.recipes.vae(data.space, pf.networks.MLP((8,)), 2), "vae")
    assert "Codes beside the prior" in coded
    assert "unseen data." not in coded
    assert "What codes say" not in page(pf.recipes.gan(data.space), "gan")


@pytest.mark.parametrize(
    ("variances", "words"),
    [([1.0, 0.5], "2 of 2 coordinates"), ([1.0, 1e-4, 0, 0], "a smaller code would do"), ([1e-4, 0], "lower --beta")],
)
def test_coordinates_that_say_nothing(variances, words):
    assert words in active(np.array(variances))


@pytest.mark.parametrize(
    ("p", "effect", "words"),
    [
        (0.4, 0.3, "No difference of codes from the prior is shown (two-sample test, p = 0.4)."),
        (0.001, 0.05, "Codes differ slightly from the prior"),
        (0.001, 0.8, "tells a code from a draw of the prior 90 times in 100"),
    ],
)
def test_codes_that_are_not_like_the_prior(p, effect, words):
    assert words in likeness(p, effect)


@pytest.mark.parametrize(
    ("levels", "rates", "words"),
    [
        ([3], [4.25], "They diverge from the prior by 4.2 nats a point."),
        (
            [2, 1],
            [4.25, 0],
            "By level, the coarsest first: 1 of 2 and 0 of 1. They diverge from the prior by 4.2 and 0.0",
        ),
        ([1, 1, 1], [], "By level, the coarsest first: 1 of 1, 0 of 1 and 0 of 1."),
    ],
)
def test_levels_of_a_code_are_told_apart(levels, rates, words):
    assert by_level(np.array([1.0, 0.0, 0.0]), np.array(levels), np.array(rates)).startswith(words)
