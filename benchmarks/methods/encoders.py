"""Samples of the recipes with an encoder on MNIST and Fashion-MNIST: draws, means, and codes from an ex-post mixture.

    python -m benchmarks.methods.encoders MNIST.npz FASHION.npz SIGNS.parquet           # goes on where it was stopped
    python -m benchmarks.methods.encoders MNIST.npz FASHION.npz SIGNS.parquet written   # the table of what is there

CPU seconds are of training alone, on one thread, as the recipe comes (labels given to decoders that take them).
As many samples of the state that is handed over as there are test images against these, on LeNet features of the true
classes (seed 0), which no training saw: KID of draws from p(x|z), of means, and of means whose codes a mixture draws
that is fitted afterwards. Where a cost is no likelihood draws are means. The latent test is a two-sample test
of 2,000 codes of test images, drawn by the posterior, against draws of the prior. Of traffic signs
neighbouring frames of one sign, which the names of pictures say, stay in one part.
"""

import sys
from pathlib import Path
from typing import Any

from benchmarks.common.cells import done, measured_here, write
from benchmarks.common.pictures import SAMPLES, judged, scores, trained
from benchmarks.common.speed import speed

RECIPES = ("vae", "iwae", "vae_iaf", "gumbel_vae", "avb", "wae_mmd", "wae_gan", "aae", "vae_gan", "ae")
FASHION = ("vae", "wae_mmd", "vae_gan", "aae")
SECONDS, SIGNS_SECONDS, CODES = 180, 480, 2_000
CELLS = [dict(recipe=r, data="mnist", seed=0, seconds=SECONDS) for r in RECIPES]
CELLS += [dict(recipe=r, data="fashion", seed=0, seconds=SECONDS) for r in FASHION]
CELLS += [dict(recipe=r, data="signs", seed=0, seconds=SIGNS_SECONDS) for r in ("wae_mmd", "vae_gan")]
FILES: dict[str, str] = {}
GROUPS = {"signs": r"^[0-9]+_[0-9]+"}
"""What names of pictures say of the sign that was photographed."""


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Train a recipe as it comes, and measure what it draws and rebuilds."""
    import torch

    import pushforward as pf

    row, of = speed(), judged(FILES[cell["data"]], GROUPS.get(cell["data"]))
    game = getattr(pf.recipes, cell["recipe"])(of.data.space)
    fitted, found = trained(game, of.data, folder, cell["seconds"], seed=cell["seed"])
    n = min(SAMPLES, len(of.data.test))
    drawn = scores(of, fitted.draw(n, seed=1).x)
    of_means = scores(of, fitted.draw(n, seed=1, means=True).x)
    choices = cell["recipe"] == "gumbel_vae"  # no Gaussians draw choices
    of_mixture = {} if choices else scores(of, fitted.draw(n, seed=1, means=True, prior="gmm").x)
    test = of.data.test.all()
    back = fitted.coder().rebuilt(test)
    low, high = of.data.space.range
    error = ((back.x - test.x) / (high - low)).square().mean()
    torch.manual_seed(0)
    return found | {
        "kid": drawn["kid"], "kid_stderr": drawn["kid_stderr"],
        "kid_means": of_means["kid"], "kid_means_stderr": of_means["kid_stderr"],
        "kid_mixture": of_mixture.get("kid", ""), "kid_mixture_stderr": of_mixture.get("kid_stderr", ""),
        "precision": of_means["precision"], "recall": of_means["recall"], "coverage": of_means["coverage"],
        "latent_p": "" if choices else latent_p(fitted.sampler(), test.x[:CODES]), "rebuilt": float(error) ** 0.5,
    } | row  # fmt: skip


def latent_p(sampler: Any, x: Any) -> float:
    """The p-value of the two-sample test of codes against draws of the prior."""
    import torch

    from pushforward.metrics import two_sample_test

    with torch.no_grad():
        codes = torch.cat([sampler.inferred(sampler.said(part)).z for part in x.split(1000)])
        return float(two_sample_test(sampler.draw_codes(len(codes)).double(), codes.double()).p_value)


if __name__ == "__main__":
    FILES |= dict(zip(("mnist", "fashion", "signs"), sys.argv[1:], strict=False))
    cells = [cell for cell in CELLS if "written" not in sys.argv or done("encoders", cell)]
    write("encoders", measured_here("encoders", cells, run))
