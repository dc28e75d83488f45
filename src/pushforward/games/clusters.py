"""The clusters of training data, which stand in for classes where nobody named any."""

import warnings

import torch
from jaxtyping import Float, Int
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.exceptions import ConvergenceWarning
from torch import Tensor, nn

COMPONENTS, SWEEPS = 50, 30

FAR = 1e9
"""The coordinates of a centroid that is nearest to nothing."""


class Clusters(nn.Module):
    """x ↦ argmin_c ‖W(x − m) − μ_c‖, W the first principal components, μ_c centroids that k-means has found there.

    Args:
        most: number of centroids; `fit` may find fewer, and then nothing is nearest to the others.
        dim: coordinates of a point.
    """

    def __init__(self, most: int, dim: int):
        super().__init__()
        k = min(COMPONENTS, dim)
        self.mean, self.components = nn.Buffer(torch.zeros(dim)), nn.Buffer(torch.zeros(k, dim))
        self.centroids = nn.Buffer(torch.full((most, k), FAR))

    @torch.no_grad()
    def fit(self, x: Float[Tensor, "n d"], number: int, seed: int) -> None:
        """Find so many centroids of rows.

        Args:
            x: rows.
            number: of centroids, from 1 to as many as there are rows.
            seed: of the directions that are tried, and of the first centroids.
        """
        rows, k = x.cpu().numpy(), min(len(self.components), *x.shape)
        from threadpoolctl import threadpool_limits

        with threadpool_limits(torch.get_num_threads()), warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # of fewer different rows than centroids
            projection = PCA(k, svd_solver="randomized", random_state=seed).fit(rows)
            means = KMeans(number, n_init=1, max_iter=SWEEPS, random_state=seed).fit(projection.transform(rows))
        self.mean.copy_(torch.from_numpy(projection.mean_))
        self.components.zero_()[:k] = torch.from_numpy(projection.components_)
        self.centroids.fill_(FAR)[:number] = 0.0
        self.centroids[:number, :k] = torch.from_numpy(means.cluster_centers_)

    @torch.no_grad()
    def forward(self, x: Tensor) -> Int[Tensor, " n"]:
        """Return the cluster of each point, found in float32 whatever the precision of training."""
        with torch.autocast(x.device.type, enabled=False):
            projected = (x.flatten(1).float() - self.mean) @ self.components.T
            return torch.cdist(projected, self.centroids).argmin(1)
