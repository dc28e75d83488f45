"""The film of the ring: what four methods' generators make of one noise, and what their critics see of it.

    CELLS=1 python -m benchmarks.methods.ring_film         # trains what is not trained yet (3 CPU minutes), then draws
    python -m benchmarks.methods.ring_film drawn           # draws the turns that all methods have reached

GRAM, MMD-net, MMD-GAN and GAN with the settings of `ring_grid`, noise 4 and width 100, seed 0, one thread. A frame
shows 2,000 data in blue and 1,000 samples in orange after so many turns: above as they are, below the outputs of the
projection (GRAM, MMD-GAN) or of the critic's last hidden layer (GAN), on the two principal axes of the data there.
MMD-net has no critic.
"""

import io
import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.common.cells import HERE, RUNS, measured

METHODS = {"gram": "GRAM", "mmd_net": "MMD-net", "mmd_gan": "MMD-GAN", "gan": "GAN"}
TURNS = (0, 10, 20, 35, 50, 75, 100, 150, 200, 300, 400, 500, 650, 800, 1000, 1250, 1500, 1750, 2000, 2500, 3000, 3500,
         4000)  # fmt: skip
DATA, SAMPLES = 2000, 1000
FILM = HERE.parent / "docs" / "gallery" / "ring_film.png"
COLOURS = 24


def cells() -> list[dict[str, Any]]:
    """One cell a method."""
    return [dict(method=method, noise=4, width=100, seed=0) for method in METHODS]


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Fit one method, and keep what its players see after each of the turns."""
    import torch

    torch.set_num_threads(1)
    import pushforward as pf
    from benchmarks.methods.ring_grid import game

    data = pf.data.load("ring")
    made, seen = game(cell, data.space), {}
    x, step = data.validation.all(DATA), made.step

    def look(turn: int) -> None:
        seen.update(looked(made, x, turn))
        np.savez_compressed(folder / "film.npz", **seen)

    def stepped(batch: Any, turn: Any) -> None:
        if turn.number in TURNS:
            look(turn.number)
        step(batch, turn)

    made.step = stepped
    pf.fit(made, data, steps=TURNS[-1], seed=cell["seed"], run=folder, overwrite=True, threads=1, verdict=False,
           examples=False, quiet=True, log_every=500, probe_every=TURNS[-1])  # fmt: skip
    look(TURNS[-1])
    return {"turns": TURNS[-1]}


def looked(made: Any, x: Any, turn: int) -> dict[str, np.ndarray]:
    """Data and samples as they are, and as the critic sees them; the generator as it stands, not averaged."""
    import torch

    from pushforward.training import draw_samples, evaluation_mode

    with evaluation_mode(made), torch.no_grad():
        y = draw_samples(made.sampler, SAMPLES, 0)
        found = {"original": (x.x, y.x)}
        if made.critic() is not None:
            found["projected"] = features(made, x.x), features(made, y.x)
    return {
        f"{turn}/{space}/{side}": z.flatten(1).double().numpy()
        for space, both in found.items()
        for side, z in zip(("data", "samples"), both, strict=True)
    }


def features(made: Any, x: Any) -> Any:
    """What a critic with several outputs gives, and of one with a single output what its last layer takes."""
    from torch import nn

    from pushforward.critics import Autoencoder

    f = made.critic()[1]
    network = f.encoder if isinstance(f, Autoencoder) else f
    last = [m for m in network.modules() if isinstance(m, nn.Linear)][-1]
    kept = []
    hook = last.register_forward_hook(lambda module, taken, given: kept.append(taken[0]))
    outputs = network(x)
    hook.remove()
    return kept[0] if outputs.shape[1] == 1 else outputs


def planes(film: dict[str, np.ndarray]) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """Both clouds on the data's first two principal axes after each turn, turned to lie as in the frame before."""
    found, before = {}, None
    for turn in TURNS:
        if f"{turn}/projected/data" not in film:
            continue
        x, y = (film[f"{turn}/projected/{side}"] for side in ("data", "samples"))
        axes = np.linalg.svd(x - x.mean(0), full_matrices=False)[2][:2].T
        scale = np.linalg.norm((x - x.mean(0)) @ axes, axis=1).max()  # outputs grow without bound: shapes are shown
        flat, y = (x - x.mean(0)) @ axes / scale, (y - x.mean(0)) @ axes / scale
        if before is not None:
            u, _, v = np.linalg.svd(flat.T @ before)
            flat, y = flat @ u @ v, y @ u @ v
        found[turn], before = (flat, y), flat
    return found


def frame(films: dict[str, Any], projected: dict[str, Any], turn: int) -> Any:
    """One picture of all methods after a turn."""
    from matplotlib.figure import Figure
    from PIL import Image

    figure = Figure(figsize=(8.0, 4.55), dpi=80)
    for place, (method, name) in enumerate(METHODS.items()):
        above = tuple(films[method][f"{turn}/original/{side}"] for side in ("data", "samples"))
        for row, both, box in ((0, above, 3.0), (1, projected[method].get(turn), 1.4)):
            ax = figure.add_axes((0.035 + 0.242 * place, 0.475 - 0.455 * row, 0.23, 0.42))
            ax.set(xlim=(-box, box), ylim=(-box, box), xticks=[], yticks=[])
            ax.spines[:].set_color("#c9ced4")
            if both is None:
                ax.set_axis_off()
                ax.text(0, 0, "no critic: kernels compare\nthe original space", ha="center", va="center", fontsize=8.5)
                continue
            for z, colour, size in zip(both, ("#1f77b4", "#ff7f0e"), (2.5, 4.0), strict=True):
                ax.plot(*z.T, ".", ms=size**0.5 * 1.6, mew=0, color=colour, alpha=0.6)
        figure.text(0.15 + 0.242 * place, 0.925, name, ha="center", fontsize=11, fontweight="bold")
    for height, word in ((0.685, "original space"), (0.23, "as the critic sees it")):
        figure.text(0.012, height, word, rotation=90, va="center", fontsize=8.5)
    figure.text(0.985, 0.93, f"turn {turn:,}", ha="right", fontsize=9)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return Image.open(buffer).convert("RGB")


def draw() -> None:
    """docs/gallery/ring_film.png, an animated PNG in few colours; what shows no animation shows the last frame."""
    folders = {method: RUNS / "ring_film" / f"{method}-4-100-0" for method in METHODS}
    films = {method: dict(np.load(folder / "film.npz")) for method, folder in folders.items()}
    projected = {method: planes(film) for method, film in films.items()}
    turns = [turn for turn in TURNS if all(f"{turn}/original/data" in film for film in films.values())]
    frames = [frame(films, projected, turn) for turn in turns]
    palette = frames[-1].quantize(COLOURS)
    reduced = [each.quantize(palette=palette, dither=0) for each in frames]
    lasting = [500] * (len(reduced) - 1) + [3000]
    reduced[-1].save(FILM, save_all=True, append_images=reduced, default_image=True, duration=lasting, loop=0,
                     optimize=True)  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:] != ["drawn"]:
        measured("ring_film", cells(), run)
    draw()
