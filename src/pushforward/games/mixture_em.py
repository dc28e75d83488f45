"""The fitting of Gaussian mixtures by expectation maximisation, one sweep a turn, through scikit-learn."""

import warnings
from typing import Any

import numpy as np
import torch
from torch import Tensor

from pushforward.errors import Refused
from pushforward.games.base import TrainingRows, Turn
from pushforward.games.mixture_choice import components_by_held_out_likelihood
from pushforward.games.whole import Whole
from pushforward.samplers import GaussianMixture
from pushforward.spaces import Space

NONE = -1e300
"""In place of a log-likelihood before the first sweep; a state that is kept must be finite."""


class MixtureEM(Whole):
    """max Σ_i log Σ_j π_j N(x_i; m_j, Σ_j) by sweeps of responsibilities and moments, from k-means clusters.

        once: K by the likelihood of left-out rows, where it is not given
        repeat: r_ij ∝ π_j N(x_i; m_j, Σ_j);  π_j, m_j, Σ_j ← weights, means and covariances of the rows under r_·j,
                `ridge` added to the diagonal;  over when the mean log-likelihood rises by less than `tolerance`

    Args:
        space: of the points.
        sampler: the mixture.
        choose: whether K is chosen from the data; else it is the sampler's.
        ridge: added to the diagonal of every covariance, in squared units of the encoded points, positive.
        tolerance: in nats a point, positive.
        batch_size: as of `Whole`.
    Source: Dempster, Laird, Rubin (1977); scikit-learn's `GaussianMixture`, by its warm starts.
    """

    sampler: GaussianMixture

    def __init__(
        self,
        space: Space,
        sampler: GaussianMixture,
        choose: bool = False,
        ridge: float = 1e-6,
        tolerance: float = 1e-4,
        batch_size: int = 1000,
    ):
        super().__init__(space, sampler, batch_size)
        if not (ridge > 0 and tolerance > 0):
            raise Refused(f"ridge and tolerance of MixtureEM must be positive, got {ridge} and {tolerance}.")
        self.choose, self.ridge, self.tolerance = choose, ridge, tolerance
        self.bound = torch.nn.Buffer(torch.tensor(NONE, dtype=torch.float64))
        self.begun = torch.nn.Buffer(torch.tensor(False))

    def prepare(self, data: TrainingRows) -> None:
        """Take all training rows, choose the number of components if it was left open, and demand as many rows.

        Raises:
            Refused: if there are fewer.
        """
        super().prepare(data)
        if self.choose:
            assert self._rows is not None  # just taken
            self.sampler.reserve(components_by_held_out_likelihood(self._rows, self.ridge))
        if len(data) < len(self.sampler.weights):
            raise Refused(
                f"a mixture of {len(self.sampler.weights)} components needs as many training rows, got {len(data)}; "
                "lower --components."
            )

    def sweep(self, x: Tensor, turn: Turn) -> bool:
        """Take one sweep, the first one from clusters, and return whether it was the last."""
        z = x.double().cpu().numpy()
        mixture = self._swept(z)
        rise = mixture.lower_bound_ - float(self.bound)
        self._keep(mixture)
        turn.note("sampler", -mixture.lower_bound_ / self.space.dim, components=float(len(self.sampler.weights)))
        return bool(rise < self.tolerance)

    def _swept(self, z: np.ndarray) -> Any:
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.mixture import GaussianMixture as Sweeps

        seed = int(torch.randint(2**31 - 1, ()))  # of the clusters, by torch's generator, whose state is saved
        options = {"n_components": len(self.sampler.weights), "reg_covar": self.ridge, "max_iter": 1, "tol": 0.0}
        mixture = Sweeps(**options, random_state=seed)
        if bool(self.begun):
            factors = self.sampler.factors.double().cpu().numpy()
            inverse = np.linalg.inv(factors)
            mixture.weights_init = self.sampler.weights.double().cpu().numpy()
            mixture.means_init = self.sampler.means.double().cpu().numpy()
            mixture.precisions_init = inverse.transpose(0, 2, 1) @ inverse
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # one sweep is what was asked for
            return mixture.fit(z)

    def _keep(self, mixture: Any) -> None:
        g = self.sampler
        weights = mixture.weights_ / mixture.weights_.sum()
        g.weights.copy_(torch.from_numpy(weights))
        g.means.copy_(torch.from_numpy(mixture.means_))
        g.factors.copy_(torch.from_numpy(np.linalg.cholesky(mixture.covariances_)))
        self.bound.fill_(mixture.lower_bound_)
        self.begun.fill_(True)
