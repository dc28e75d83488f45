"""A projection learns where data and samples differ, and a kernel matches them there: generative ratio matching."""

from pushforward.features import Features
from pushforward.games import Clustered, RatioMatching
from pushforward.kernels import Gaussian, Kernel
from pushforward.networks import Network, Suited
from pushforward.recipes.base import recipe
from pushforward.recipes.frozen import Frozen
from pushforward.recipes.labels import ClusterNumber, seen_space, with_clusters
from pushforward.samplers import Noise, Normal, Pushforward
from pushforward.spaces import Image, Space
from pushforward.tuning import Adam, Optimizer


@recipe(paper={"network": Suited(64), "conditional": False})
def gram(
    space: Space,
    network: Network = Suited(),
    critic_network: Network | None = None,
    conditional: bool = True,
    clusters: ClusterNumber = "none",
    noise: Noise = Normal(20),
    outputs: int | None = None,
    features: Features | str | None = None,
    kernel: Kernel | None = None,
    ridge: float = 1e-3,
    positivity: float | None = None,
    squared: bool = True,
    tune: Optimizer = Adam(1e-3, (0.5, 0.999)),
    batch_size: int = 100,
) -> RatioMatching | Clustered:
    """min_g MMD(f#P, f#g#µ) while max_f E_q (r_f − 1)², r_f the ratio of the projected densities.

    Raising the Pearson divergence of the projected densities lowers E_q (r − r_f)², the part of the true ratio that
    the projection loses.

        repeat: K from f(x), f(g(z)), once;  r = (m/n)·(K_yy + ridge·I)⁻¹ K_yx 1, a mean over the kernel's scales
                f ascends  mean (r − 1)² + positivity·Σ r   and   g descends  √MMD²_b(K),   both from the same graph

    Args:
        space: of the data.
        network: of the generator, and of the projection unless that has its own.
        critic_network: of the projection f.
        conditional: whether generator and projection take the labels of labelled data, unless a network can take none.
        clusters: of unlabelled data, stand in for labels and are never told: a number, none, or auto, which is 100 for
            pictures of 16 pixels and more a side, fewer if a cluster had under 50, and none for other data.
        noise: law that is pushed forward.
        outputs: size of the projected space; 10 for vectors and rows, 100 for pictures, if absent.
        features: frozen map whose features of a point stand beside f's, such as `RandomConv`, through which gradients
            pass, or run:FOLDER, the codes of a run: f is then left to find what these do not tell apart. Their unit
            puts two points of data √2 apart on average. None if absent.
        kernel: on the projected space; if absent, a Gaussian of bandwidth 1 for vectors and rows, and of
            0.1, 1, 10 and 100 for pictures.
        ridge: added to the diagonal of K_yy (ε).
        positivity: weight of Σ r, which keeps the estimated ratios positive (Λ); if absent 1 for vectors and rows, and
            0.01 for pictures, where the sum with weight 1 outweighs the divergence.
        squared: whether f raises mean (r − 1)², the paper's; else the plain mean of r.
        tune: both players' optimiser.
        batch_size: points of data, and samples, in a step.
    Source: Srivastava et al. (2020), arXiv:1806.00101, Algorithm 1; sizes from the released code for rings and MNIST.
    Differs: the released CIFAR-10 code raises the plain mean of r, with neither ridge nor positivity: `--squared false
        --ridge 1e-6 --positivity 0` comes near it. For pictures Σ r has the weight of the paper's first version, in
        which it was a mean, in place of 1. β₂ = 0.999, which the released ring code intends but misspells.
        Networks by the kind of data, and noise N(0, I₂₀) for pictures too, where the MNIST code has U[−1, 1]¹⁰⁰.
    """
    seen = seen_space(space, conditional, network, critic_network, clusters=clusters)
    picture = isinstance(space, Image)
    f = (critic_network or network).critic(seen, outputs or (100 if picture else 10))
    g = Pushforward.of(network, noise, seen)
    k = kernel or Gaussian((0.1, 1.0, 10.0, 100.0) if picture else 1.0)
    weight = positivity if positivity is not None else 0.01 if picture else 1.0
    e = None if features is None else Frozen(features, "gram")
    return with_clusters(space, RatioMatching(seen, g, f, k, ridge, weight, squared, tune, batch_size, e), clusters)
