"""The choice of how many components a mixture has, by the likelihood of rows that it was not fitted to."""

import warnings

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.progress import step

LADDER = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128)
"""Numbers of components that are tried, in this order."""

PATIENCE = 2
"""Steps of the ladder without a gain after which no further one is tried."""

MOST, MOST_NUMBERS = 20_000, 4_000_000
"""Rows that the choice looks at, and numbers in them, at most: 5,100 rows of 784 pixels."""

LEFT_OUT = 5
"""One row in so many is left out of the fits, and judges them."""

SWEEPS, TOLERANCE = 100, 1e-3
"""Of expectation maximisation, for a choice; scikit-learn's own."""


@step("choosing the number of components")
def components_by_held_out_likelihood(x: Float[Tensor, "n d"], ridge: float) -> int:
    """Return the K of 1, 2, 3, 4, 6, 8, 12 … that is best for left-out rows; two steps without a gain end it.

    A larger K must gain more than the standard error of its gain, row by row; of equals the smaller is taken. A
    component has at least as many rows as it has coordinates, and one more.

    Args:
        x: rows in random order.
        ridge: added to the diagonal of every covariance.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture

    rows = x[: min(MOST, max(MOST_NUMBERS // x.shape[1], 1))].double().cpu().numpy()
    left_out = np.arange(len(rows)) % LEFT_OUT == 0
    fitted, unseen = rows[~left_out], rows[left_out]
    seed = int(torch.randint(2**31 - 1, ()))
    best, best_nats, worse = 1, np.full(len(unseen), -np.inf), 0
    for k in LADDER:
        if k > 1 and k * (rows.shape[1] + 1) > len(fitted):
            break
        mixture = GaussianMixture(k, reg_covar=ridge, tol=TOLERANCE, max_iter=SWEEPS, random_state=seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # a choice needs no last digit
            nats = mixture.fit(fitted).score_samples(unseen)
        gain = nats - best_nats
        better = k == 1 or gain.mean() > gain.std() / len(gain) ** 0.5
        best, best_nats, worse = (k, nats, 0) if better else (best, best_nats, worse + 1)
        if worse == PATIENCE:
            break
    return best
