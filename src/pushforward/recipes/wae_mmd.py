"""An autoencoder whose codes a kernel makes look like noise, which then decodes to samples: Wasserstein autoencoder."""

from pushforward.discrepancies import MMD, Discrepancy
from pushforward.games import Autoencoding
from pushforward.kernels import InverseMultiquadric, Kernel
from pushforward.likelihoods import SquaredError
from pushforward.networks import Network, Suited
from pushforward.posteriors import Deterministic
from pushforward.recipes.autoencoders import latent
from pushforward.recipes.base import recipe
from pushforward.samplers import Noise, Normal
from pushforward.spaces import Space
from pushforward.tuning import Adam, Cosine, Optimizer

SCALES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""The released code's multiples of C, the expected squared distance of two draws of the prior."""


@recipe(paper={"network": Suited(64), "tune": Adam(1e-3, (0.5, 0.999))})
def wae_mmd(
    space: Space,
    network: Network = Suited(),
    noise: Noise = Normal(8),
    kernel: Kernel | None = None,
    discrepancy: Discrepancy | None = None,
    conditional: bool = False,
    penalty: float = 1.0,
    tune: Optimizer = Adam(1e-3, (0.5, 0.999), decay=Cosine(0.01)),
    batch_size: int = 100,
) -> Autoencoding:
    """min_{e,d} E ‖x − d(e(x))‖²/dim + λ·MMD²(π, e#P), by a sum of inverse multiquadrics; a sample is d(c), c ~ π.

        repeat: e, d descend  mean (x − d(e(x)))² + λ·MMD²_u(c, e(x)),  c ~ π

    Args:
        space: of the data.
        network: of encoder and decoder.
        noise: law of the codes (π), of their size; it should not exceed what the data vary in.
        kernel: of codes; if absent Σ C/(C + ‖c − c′‖²) at .1, .2, .5, 1, 2, 5 and 10 times C, the
            expected squared distance of two draws of the noise.
        discrepancy: of codes, by draws alone, in the place of the MMD, such as `SlicedWasserstein`.
        conditional: whether the decoder takes the labels of labelled data; codes keep what they say of the class, since
            their law is drawn to the prior over all classes together.
        penalty: weight of the distance of codes (λ).
        tune: the optimiser.
        batch_size: points of data, and draws of the prior, in a step.
    Source: Tolstikhin et al. (2018), arXiv:1711.01558, Algorithm 2, and released code for the seven scales.
    Differs: the mean square of a coordinate in place of 0.05·‖x − d(e(x))‖², so that λ means the same in any dimension:
        the code's 10 for 784 pixels in [0, 1] is 1.02 for pixels in [−1, 1]; no first steps match the moments of codes
        to the prior's; networks by the kind of data.
    """
    sampler = latent(space, network, Deterministic(noise.dim), noise, SquaredError(), conditional)
    far = 2 * noise.dim * noise.variance
    D = discrepancy or MMD(kernel or InverseMultiquadric(tuple((far * c) ** 0.5 for c in SCALES)))
    return Autoencoding(space, sampler, D, penalty, tune=tune, batch_size=batch_size)
