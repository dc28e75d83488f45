"""The speed of the machine at the hour of a measurement."""

import time


def speed() -> dict[str, float]:
    """GFLOP/s of a product of matrices of 512 rows, the best of ten."""
    import torch

    found = {}
    for name, dtype in (("float32", torch.float32), ("bfloat16", torch.bfloat16)):
        a, best = torch.randn(512, 512, dtype=dtype), float("inf")
        for _ in range(10):
            began = time.process_time()
            for _ in range(10):
                a @ a
            best = min(best, time.process_time() - began)
        found[f"{name}_gflops"] = 10 * 2 * 512**3 / best / 1e9
    return found
