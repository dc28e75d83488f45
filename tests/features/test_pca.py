"""PCA whitening against scikit-learn, and what it says of itself."""

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA as TheirPCA

from pushforward.errors import Refused
from pushforward.features import PCA, pca


def points(n=200, d=12, seed=0):
    """Correlated, of scales from 1 down to 1/d."""
    draw = np.random.default_rng(seed)
    return draw.normal(size=(n, d)) / np.arange(1, d + 1) @ np.linalg.qr(draw.normal(size=(d, d)))[0] + 3


@pytest.mark.parametrize("whole", [1500, 8])
def test_equals_scikit_learn_up_to_signs(monkeypatch, whole):
    monkeypatch.setattr(pca, "WHOLE", whole)  # 8: by the iterative solver, that is meant for large pictures
    x = points()
    theirs = TheirPCA(5, whiten=True, svd_solver="full").fit(x)
    ours = PCA.fitted(torch.from_numpy(x), 5)
    found, expected = ours(torch.from_numpy(points(seed=1))).numpy(), theirs.transform(points(seed=1))
    np.testing.assert_allclose(np.abs(found), np.abs(expected), rtol=1e-6, atol=1e-8)
    assert ours.protocol["explained"] == pytest.approx(theirs.explained_variance_ratio_.sum(), abs=1e-4)


def test_what_it_was_fitted_to_is_white():
    x = torch.from_numpy(points())
    z = PCA.fitted(x)(x)
    assert z.shape == (200, 12)
    # float32 rounds each of the factors, of at most 4 standard deviations, by 6e-8 of itself
    torch.testing.assert_close(z.double().T.cov(), torch.eye(12, dtype=torch.float64), rtol=0, atol=2 * 16 * 6e-8)


def test_directions_without_variance_are_left_out():
    x = torch.from_numpy(points(d=4))
    assert PCA.fitted(torch.cat([x, x[:, :1] * 2, torch.ones(200, 1)], 1))(torch.zeros(3, 6)).shape == (3, 4)
    assert PCA.fitted(x[:3])(x).shape == (200, 2)


def test_it_is_cited_by_what_it_was_fitted_to():
    x = torch.from_numpy(points())
    protocols = [PCA.fitted(z, c).protocol for z, c in ((x, 3), (x.clone(), 3), (x[1:], 3), (x, 4))]
    assert protocols[0] == protocols[1]
    assert protocols[0]["fitted to"].startswith("200 rows ")
    assert protocols[0] not in protocols[2:]


def test_pictures_are_flattened():
    x = torch.from_numpy(points(d=12))
    assert torch.equal(PCA.fitted(x.reshape(-1, 1, 3, 4))(x), PCA.fitted(x)(x.reshape(-1, 1, 3, 4)))


@pytest.mark.parametrize(
    ("x", "components", "sentence"),
    [
        (torch.zeros(1, 3), 2, "at least 2 points, got 1|at least 2 points to be fitted to, got 1"),
        (torch.ones(5, 3), 2, "that vary"),
        (torch.zeros(5, 3), 0, "at least 1 component, got 0"),
    ],
)
def test_refuses_what_has_no_components(x, components, sentence):
    with pytest.raises(Refused, match=sentence):
        PCA.fitted(x, components)


def test_refuses_points_of_another_width():
    with pytest.raises(Refused, match="fitted to 12 coordinates, got points of 3"):
        PCA.fitted(torch.from_numpy(points()))(torch.zeros(2, 3))
