"""The ring figure and the stability grid of the ratio-matching work: which sampler finds which of eight modes, when?

    python -m benchmarks.methods.ring_grid

Four methods × noise dimension {2, 4, 8, 16} × generator widths {20, 100, 200}, 12,000 turns, seed 0; seeds 1 and 2 in
the four corners. The generator as it stands after the last turn is judged, not the averaged one. Last, `gram` once more
in every cell with a rate that decays to nothing and the averaged generator: that row is ours.
"""

from pathlib import Path
from typing import Any

from benchmarks.common.cells import RESULTS, measured, write

TURNS, DRAWS = 12_000, 10_000
METHODS = ("gan", "mmd_net", "mmd_gan", "gram", "gram-averaged")
NOISES, WIDTHS = (2, 4, 8, 16), (20, 100, 200)


def cells() -> list[dict[str, Any]]:
    """Every cell with seed 0, and the corners with two seeds more."""
    grid = [(m, z, w, 0) for m in METHODS for w in WIDTHS for z in NOISES]
    corners = [(m, z, w, s) for m in METHODS for w in (20, 200) for z in (2, 16) for s in (1, 2)]
    return [dict(method=m, noise=z, width=w, seed=s) for m, z, w, s in grid + corners]


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Fit one cell and measure its samples."""
    import pushforward as pf

    data = pf.data.load("ring")
    ours = cell["method"] == "gram-averaged"
    done = pf.fit(game(cell, data.space), data, steps=TURNS, seed=cell["seed"], run=folder, overwrite=True, threads=1,
                  verdict=False, quiet=True, log_every=500, probe_every=TURNS)  # fmt: skip
    y = done.draw(DRAWS, seed=cell["seed"], weights="last" if ours else "raw").x
    return scores(data, y) | {"seconds": done.folder.read_jsonl("log.jsonl")[-1]["seconds"]}


def game(cell: dict[str, Any], space: Any) -> Any:
    """The game of a cell, with the settings of the stability grid."""
    import pushforward as pf
    from pushforward.kernels import Gaussian
    from pushforward.networks import MLP
    from pushforward.samplers import Normal
    from pushforward.tuning import Adam, Linear, RMSprop

    generator, critic = MLP((cell["width"],) * 2), MLP((100, 100))
    common = dict(network=generator, noise=Normal(cell["noise"]), batch_size=100)
    decay = Linear() if cell["method"] == "gram-averaged" else pf.tuning.Constant()
    rate = Adam(1e-3, (0.5, 0.999), decay=decay)
    return {
        "gan": lambda: pf.recipes.gan(space, critic_network=critic, tune=Adam(1e-4, (0.5, 0.999)), **common),
        "mmd_net": lambda: pf.recipes.mmd_net(space, kernel=Gaussian(1.0), tune=RMSprop(1e-3), **common),
        "mmd_gan": lambda: mmd_gan(space, generator, critic, cell["noise"]),
        "gram": lambda: pf.recipes.gram(space, critic_network=critic, outputs=10, tune=rate, **common),
    }[cell["method"].removesuffix("-averaged")]()


def mmd_gan(space: Any, generator: Any, critic: Any, noise: int) -> Any:
    """Li et al.'s game as the stability grid has it: Adam at 5e-5, weights clipped at 0.1, five critic steps."""
    from pushforward.critics import Adversarial, Autoencoder, Clipping, Reconstruction
    from pushforward.discrepancies import MMD, Biased, OneSidedMean, Root
    from pushforward.games import Matching
    from pushforward.kernels import Gaussian
    from pushforward.samplers import Normal, Pushforward
    from pushforward.tuning import Adam

    f = Autoencoder(critic.critic(space, 10), critic.generator(10, space))
    D = Root(MMD(Gaussian((1.0, 2.0, 4.0, 8.0, 16.0)), Biased())) + 16.0 * OneSidedMean()
    sampler = Pushforward(generator.generator(noise, space), Normal(noise))
    honest = Adversarial(D, f, Clipping(0.1), Reconstruction(8.0), critic_steps=5)
    return Matching(space, sampler, honest, Adam(5e-5, (0.5, 0.999)), batch_size=100)


def scores(data: Any, y: Any) -> dict[str, Any]:
    """Modes found, share of samples near one, energy distance to the test part."""
    from pushforward.metrics import EnergyDistance, modes

    found = modes(y, data.modes)
    energy = EnergyDistance()(data.test.all(2000).x, y[:2000])[0]
    return {"modes": found.found, "near": found.share, "energy": energy.value, "energy_stderr": energy.stderr}


def picture(rows: list[dict[str, Any]]) -> None:
    """benchmarks/results/ring_grid.png: samples of every cell with seed 0, beside the methods' names."""
    from matplotlib.figure import Figure

    import pushforward as pf

    figure = Figure(figsize=(2 * len(METHODS) * 1.0 * 4 / 2, 2 * len(WIDTHS) * 0.9), dpi=70, layout="constrained")
    axes = figure.subplots(len(WIDTHS), len(METHODS) * len(NOISES), squeeze=False)
    for ax in axes.flat:
        ax.set_axis_off()  # until its cell is there
    for row in (r for r in rows if r["seed"] == 0):
        ax = axes[WIDTHS.index(row["width"])][METHODS.index(row["method"]) * len(NOISES) + NOISES.index(row["noise"])]
        y = samples(pf, row)
        ax.plot(y[:, 0], y[:, 1], ".", ms=1, color="#ff7f0e")
        ax.set_axis_on()
        ax.set(xlim=(-3.2, 3.2), ylim=(-3.2, 3.2), xticks=[], yticks=[], aspect="equal")
        ax.set_title(f"{row['method']}\nz {row['noise']}, width {row['width']}", fontsize=5)
    figure.savefig(RESULTS / "ring_grid.png")


def samples(pf: Any, row: dict[str, Any]) -> Any:
    """1000 samples of a cell, the generator as it was judged."""
    from benchmarks.common.cells import RUNS

    folder = RUNS / "ring_grid" / "-".join(str(row[k]) for k in ("method", "noise", "width", "seed"))
    game = None
    if row["method"] == "mmd_gan":
        critic, generator = pf.networks.MLP((100, 100)), pf.networks.MLP((row["width"],) * 2)
        game = mmd_gan(pf.spaces.Vector(2), generator, critic, row["noise"])
    return (
        pf.load(folder, game=game).draw(1000, weights="last" if row["method"] == "gram-averaged" else "raw").x.numpy()
    )


if __name__ == "__main__":
    found = measured("ring_grid", cells(), run)
    write("ring_grid", found)
    picture(found)
