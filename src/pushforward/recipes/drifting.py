"""A sampler that follows a field, without an opponent: data attract its samples, other samples repel them: drifting."""

from pushforward.features import Features
from pushforward.fields import DoubleSoftmax, Field
from pushforward.games import Drift
from pushforward.networks import MLP, Network
from pushforward.recipes.base import recipe
from pushforward.recipes.frozen import Frozen
from pushforward.recipes.labels import seen_space
from pushforward.samplers import Noise, Normal, Pushforward
from pushforward.spaces import Space
from pushforward.tuning import Adam, Cosine, Optimizer


@recipe
def drifting(
    space: Space,
    network: Network = MLP((256, 256, 256), batch_norm=True),
    noise: Noise = Normal(32),
    field: Field = DoubleSoftmax(),
    normalised: bool = True,
    conditional: bool = True,
    features: Features | str | None = None,
    tune: Optimizer = Adam(2e-3, (0.9, 0.99), decay=Cosine(0.02)),
    batch_size: int = 256,
) -> Drift:
    """min_g mean ‖y − sg(y + V(y))‖², y = g(z): samples follow a field V that vanishes where their law is the data's.

        repeat: A_ij = √(softmax over j · softmax over i) of −‖y_i − c_j‖/τ,  c = data x and the other samples y′
                V_τ(y_i) = S⁻_i·Σ A⁺_ij x_j − S⁺_i·Σ A⁻_ij y′_j,  S^± the sums of A^± over j
                V = Σ_τ V_τ/√mean V_τ²,  τ = 0.02, 0.05 and 0.2 mean distances
                g descends  mean ‖y − sg(y + V(y))‖²

    Args:
        space: of the data.
        network: of the generator.
        noise: law that is pushed forward.
        field: V; the paper's is the double softmax.
        normalised: whether each component of the field is divided by its root mean square, and then all are summed.
        conditional: whether the generator takes the labels of labelled data, unless its network can take none, and is
            matched class by class, of which a batch should then hold a dozen points each.
        features: frozen map in whose space samples are matched, such as `RandomConv`, through which gradients pass, or
            run:FOLDER, the codes of a run; the points themselves if absent, since features have brought nothing on
            MNIST yet.
        tune: the optimiser.
        batch_size: points of data, and samples, in a step.
    Source: Deng, Li, Li, Du, He (2026), arXiv:2602.04770, Algorithms 1 and A1.
    Differs: points themselves are matched unless `features` says otherwise, where the paper takes those of a pretrained
        encoder, at many layers. No queue and no guidance. Network, optimiser and sizes are for small data, measured
        here.
    """
    g = Pushforward.of(network, noise, seen_space(space, conditional, network))
    seen = None if features is None else Frozen(features, "drifting")
    return Drift(space, g, field, normalised, seen, tune, batch_size)
