"""One timed call of one program on two arrays, in whichever environment runs it; prints JSON.

python judge_once.py PROGRAM FOLDER        # FOLDER holds x.npy and y.npy; PROGRAM is a function of this file
"""

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

PERMUTATIONS, BANDWIDTHS, BLOCK = 500, 10, 1024


def fid_pytorch_fid(x: Any, y: Any) -> Any:
    """Moments as its `calculate_activation_statistics` takes them, then its distance."""
    from pytorch_fid.fid_score import calculate_frechet_distance

    (p, s), (q, t) = ((z.mean(0), np.cov(z, rowvar=False)) for z in (x, y))
    return calculate_frechet_distance(p, s, q, t)


def fid_torch_fidelity(x: Any, y: Any) -> Any:
    """From features."""
    import torch
    from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric

    statistics = [fid_features_to_statistics(torch.from_numpy(z)) for z in (x, y)]
    return fid_statistics_to_metric(*statistics, False)["frechet_inception_distance"]


def fid_ours(x: Any, y: Any) -> Any:
    """With its spread."""
    from pushforward.metrics import FrechetDistance

    return FrechetDistance()(x, y)[0].value


def fid_ours_value(x: Any, y: Any) -> Any:
    """Without its spread, as halves of the data and jackknives take it."""
    from pushforward.metrics import FrechetDistance

    return FrechetDistance().plain(x, y)[0].value


def fid_products(x: Any, y: Any) -> Any:
    """Two covariances, half of each, and LᵀΤL; no eigenvalues."""
    import torch

    n, d = x.shape
    for z in (x, y):
        z, c = torch.from_numpy(z).double(), torch.empty(d, d, dtype=torch.float64)
        for i in range(0, d, 256):
            c[i:, i : i + 256] = z[:, i:].T @ z[:, i : i + 256]
    return float((c @ c @ c)[0, 0])


def kid_torch_fidelity(x: Any, y: Any) -> Any:
    """100 subsets of 1,000."""
    import torch
    from torch_fidelity.metric_kid import kid_features_to_metric

    options = dict(kid_subsets=100, kid_subset_size=min(1000, len(x)), kid_kernel="poly", verbose=False)
    found = kid_features_to_metric(torch.from_numpy(x), torch.from_numpy(y), **options)
    return found["kernel_inception_distance_mean"]


def kid_torchmetrics(x: Any, y: Any) -> Any:
    """100 subsets of 1,000."""
    import torch
    from torchmetrics.image.kid import poly_mmd

    x, y, size = torch.from_numpy(x), torch.from_numpy(y), min(1000, len(x))
    drawn = ((x[torch.randperm(len(x))[:size]], y[torch.randperm(len(y))[:size]]) for _ in range(100))
    return float(torch.stack([poly_mmd(u, v, 3, None, 1.0) for u, v in drawn]).mean())


def kid_ours(x: Any, y: Any) -> Any:
    """All pairs, with the standard error."""
    from pushforward.metrics import KID

    return KID()(x, y)[0].value


def kid_ours_float32(x: Any, y: Any) -> Any:
    """As on a processor that does not multiply bfloat16 fast."""
    from pushforward.kernels import narrow

    narrow.fast_bf16 = lambda: False
    return kid_ours(x, y)


def kid_products_float32(x: Any, y: Any) -> Any:
    """The products of all pairs, half of those within a side."""
    import torch

    return _products(*(torch.from_numpy(z) for z in (x, y)))


def kid_products_bfloat16(x: Any, y: Any) -> Any:
    """The products of all pairs, half of those within a side."""
    import torch

    return _products(*(torch.from_numpy(z).bfloat16() for z in (x, y)))


def _products(x: Any, y: Any) -> float:
    for u, v, half in ((x, x, True), (y, y, True), (x, y, False)):
        for i in range(0, len(u), BLOCK):
            for j in range(i if half else 0, len(v), BLOCK):
                last = u[i : i + BLOCK] @ v[j : j + BLOCK].T
    return float(last[0, 0])


def permutation_torch_two_sample(x: Any, y: Any) -> Any:
    """Its unbiased MMD test with one bandwidth."""
    import torch
    from torch_two_sample import MMDStatistic

    test = MMDStatistic(len(x), len(y))
    _, matrix = test(torch.from_numpy(x), torch.from_numpy(y), alphas=[_alpha(x)], ret_matrix=True)
    return test.pval(matrix, n_permutations=PERMUTATIONS)


def permutation_ours(x: Any, y: Any) -> Any:
    """The same kernel."""
    from pushforward.kernels import Gaussian
    from pushforward.metrics import two_sample_test

    kernel = Gaussian((0.5 / _alpha(x)) ** 0.5)
    return two_sample_test(x, y, kernels=[kernel], permutations=PERMUTATIONS).p_value


def permutation_products(x: Any, y: Any) -> Any:
    """Half a kernel matrix times the relabellings, once."""
    return _relabelled(x, y, 1)


def aggregated_mmdagg_numpy(x: Any, y: Any) -> Any:
    """Ten Gaussians, 500 relabellings for the quantiles and 500 for the level, permutations as ours."""
    from mmdagg.np import mmdagg

    return int(mmdagg(x, y, **_mmdagg()))


def aggregated_mmdagg_jax(x: Any, y: Any) -> Any:
    """The same in JAX, compiled before it is timed."""
    import jax.numpy as jnp
    from mmdagg.jax import mmdagg

    return int(mmdagg(jnp.array(x), jnp.array(y), **_mmdagg()))


def _mmdagg() -> dict[str, Any]:
    return dict(kernel="gaussian", number_bandwidths=BANDWIDTHS, B1=PERMUTATIONS, B2=PERMUTATIONS,
                permutations_same_sample_size=True)  # fmt: skip


def aggregated_ours(x: Any, y: Any) -> Any:
    """Ten Gaussians, as many relabellings in all."""
    import torch

    from pushforward.metrics import two_sample_test
    from pushforward.metrics.significance.bandwidths import gaussians

    pooled = torch.from_numpy(np.concatenate([x, y])).double()
    kernels = gaussians(pooled, torch.Generator().manual_seed(0), BANDWIDTHS)
    return int(two_sample_test(x, y, kernels=kernels, permutations=2 * PERMUTATIONS).rejected)


def aggregated_products(x: Any, y: Any) -> Any:
    """Half of each kernel matrix times the relabellings."""
    return _relabelled(x, y, BANDWIDTHS, 2)


def _relabelled(x: Any, y: Any, kernels: int, times: int = 1) -> float:
    import torch

    size = len(x) + len(y)
    matrix, signs = torch.ones(256, size), torch.ones(size, times * PERMUTATIONS + 1)
    for _ in range(kernels):
        for i in range(0, size, 256):
            last = matrix[: min(256, size - i), i:] @ signs[i:]
    return float(last[0, 0])


def _alpha(x: Any) -> float:
    """1/2σ² with σ² the mean squared distance of independent rows."""
    return float(0.25 / x.var(0).sum())


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    program, folder = globals()[sys.argv[1]], Path(sys.argv[2])
    x, y = (np.load(folder / f"{name}.npy") for name in "xy")
    # Imports and warms up; JAX compiles for these shapes alone.
    program(*((x, y) if "jax" in sys.argv[1] else (x[:100, :32], y[:100, :32])))
    before, wall, cpu = _peak(), time.perf_counter(), time.process_time()
    value = program(x, y)
    seconds = {"seconds": time.perf_counter() - wall, "cpu_seconds": time.process_time() - cpu}
    print(json.dumps({**seconds, "peak_mb": _peak() - before, "value": float(value)}))
