"""Kernel density estimates and mixtures beside scikit-learn: how far they agree, and the seconds for 100,000 points.

    CELLS=1 python -m benchmarks.densities.kde        # goes on where it was stopped

Data: 100,000 rows, in 2 dimensions a ring of eight normal laws, in 10 a standard normal law; as many queries of the
same law. The bandwidth is Silverman's, for Epanechnikov's window times its constant. Ours sums at all queries, exactly,
in float64, with blocks left out whose terms are below e⁻⁴⁰ of the sum; theirs is asked 4,096 queries with its default
tolerances (0) and extrapolated linearly. CPU seconds of one thread; peak memory is ours, beyond what was held before.
`off` is the largest difference of log-densities on those queries (of the tree's floor, where the density is 0, none),
and `off_one_leaf` on 512 queries with a tree of one leaf, whose sums are direct.
"""

import resource
import time
from math import pi
from pathlib import Path
from typing import Any

from benchmarks.common.cells import measured, write
from benchmarks.common.speed import speed

N, QUERIES, DIRECT = 100_000, 4096, 512


def data(n: int, d: int) -> Any:
    """Return rows of the law."""
    import torch

    if d == 2:
        angle = torch.randint(8, (n,)) * pi / 4
        return 2 * torch.stack([angle.cos(), angle.sin()], 1).double() + 0.3 * torch.randn(n, 2, dtype=torch.float64)
    return torch.randn(n, d, dtype=torch.float64)


def kernel(d: int, name: str) -> dict[str, Any]:
    """Return the row of one window in d dimensions."""
    import numpy as np
    import torch
    from sklearn.neighbors import KernelDensity as Tree

    from pushforward.samplers import EpanechnikovWindow, GaussianWindow, KernelDensity, bandwidth_by
    from pushforward.spaces import Batch

    torch.manual_seed(0)
    window = {"gaussian": GaussianWindow(), "epanechnikov": EpanechnikovWindow()}[name]
    x, at = data(N, d), data(N, d)
    h = float(bandwidth_by("silverman", x, window).mean())  # one number, since theirs has one
    ours = KernelDensity((d,), window)
    ours.put(x, torch.full((d,), h, dtype=torch.float64))
    row: dict[str, Any] = dict(what="kde", kernel=name, d=d, bandwidth=h)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    found = ours.log_prob(Batch(at)).numpy()
    row |= {"ours_seconds": time.process_time() - began}
    row |= {"ours_peak_mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024}
    began = time.process_time()
    tree = Tree(kernel=name, bandwidth=h).fit(x.numpy())
    theirs = tree.score_samples(at[:QUERIES].numpy())
    row |= {"tree_seconds": (time.process_time() - began) / QUERIES * N}
    row |= {"times_faster": row["tree_seconds"] / row["ours_seconds"]}
    inside = np.isfinite(found[:QUERIES])
    row |= {"queries_of_density_0": int((~np.isfinite(found)).sum())}
    row |= {"off": float(np.abs(found[:QUERIES] - theirs)[inside].max())}
    direct = Tree(kernel=name, bandwidth=h, leaf_size=N).fit(x.numpy()).score_samples(at[:DIRECT].numpy())
    row |= {"off_one_leaf": float(np.abs(found[:DIRECT] - direct)[inside[:DIRECT]].max())}
    return row


def mixture(d: int, components: int) -> dict[str, Any]:
    """Return the row of a mixture that scikit-learn fitted: its density by both."""
    import numpy as np
    import torch
    from sklearn.mixture import GaussianMixture as Theirs

    from pushforward.samplers import GaussianMixture
    from pushforward.spaces import Batch

    torch.manual_seed(0)
    x, at = data(10_000, d), data(N, d)
    theirs = Theirs(components, random_state=0).fit(x.numpy())
    ours = GaussianMixture((d,), components)
    ours.weights.copy_(torch.from_numpy(theirs.weights_))
    ours.means.copy_(torch.from_numpy(theirs.means_))
    ours.factors.copy_(torch.from_numpy(np.linalg.cholesky(theirs.covariances_)))
    row: dict[str, Any] = dict(what="mixture", kernel=f"{components} components", d=d)
    began = time.process_time()
    found = ours.log_prob(Batch(at)).numpy()
    row |= {"ours_seconds": time.process_time() - began}
    began = time.process_time()
    expected = theirs.score_samples(at.numpy())
    row |= {"tree_seconds": time.process_time() - began}
    row |= {"times_faster": row["tree_seconds"] / row["ours_seconds"], "off": float(np.abs(found - expected).max())}
    return row


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Measure one row of the table."""
    import torch

    torch.set_num_threads(1)
    folder.mkdir(parents=True, exist_ok=True)
    kde = cell["what"] == "kde"
    found = kernel(cell["d"], cell["kernel"]) if kde else mixture(cell["d"], int(cell["kernel"].split()[0]))
    return dict.fromkeys(("bandwidth", "ours_peak_mb", "queries_of_density_0", "off_one_leaf"), "") | found | speed()


def cells() -> list[dict[str, Any]]:
    """Both windows and a mixture, in two and in ten dimensions."""
    kernels = [("kde", "gaussian"), ("kde", "epanechnikov"), ("mixture", "8 components")]
    return [{"what": what, "kernel": kernel, "d": d} for what, kernel in kernels for d in (2, 10)]


if __name__ == "__main__":
    write("kde", measured("kde", cells(), run))
