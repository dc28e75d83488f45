"""How long squared distances take beside torch.cdist's matrix-product path: medians of ratios taken side by side.

python benchmarks/pairwise.py            # n = m = 2048, d = 2048, float32, 2 threads
"""

import argparse
from statistics import median
from time import perf_counter

import torch

from pushforward.kernels.pairwise import distance, squared_distance


def seconds(f, x, y):
    """Wall time of one call."""
    start = perf_counter()
    f(x, y)
    return perf_counter() - start


def both(f, x, y):
    """f and its gradient."""
    x, y = x.clone().requires_grad_(), y.clone().requires_grad_()
    f(x, y).sum().backward()


def cdist(x, y):
    """The yardstick."""
    return torch.cdist(x, y, compute_mode="use_mm_for_euclid_dist")


def main():
    """Print the ratios, forward and with gradients, for different and for equal arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("n", 2048), ("d", 2048), ("threads", 2), ("repeats", 15)):
        parser.add_argument(f"--{name}", type=int, default=default)
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(0)
    x, y = torch.randn(a.n, a.d), torch.randn(a.n, a.d)
    for f in (squared_distance, distance):
        for title, right in (("x, y", y), ("x, x", x)):
            pairs = [(seconds(f, x, right), seconds(cdist, x, right)) for _ in range(a.repeats)]
            ratio = median(ours / theirs for ours, theirs in pairs)
            ms = 1e3 * median(theirs for _, theirs in pairs)
            print(f"{f.__name__:16} ({title})  {ratio:.2f} x cdist ({ms:.1f} ms)  n={a.n} d={a.d} threads={a.threads}")
    grads = [
        (seconds(lambda p, q: both(squared_distance, p, q), x, y), seconds(lambda p, q: both(cdist, p, q), x, y))
        for _ in range(a.repeats)
    ]
    print(f"with gradients          {median(ours / theirs for ours, theirs in grads):.2f} x cdist")
    error = distance(x, x).diagonal().max().item(), cdist(x, x).diagonal().max().item()
    print(f"largest distance of a point to itself: {error[0]:.1e}, cdist {error[1]:.1e}")


if __name__ == "__main__":
    main()
