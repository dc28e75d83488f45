"""The papers, one a file: a function from the data's space to a game.

A signature holds the numbers that gave the best samples in a minute or two; where the paper's are others, they stand in
the decorator, and `paper=True` takes them.
"""

from pushforward.recipes.aae import aae
from pushforward.recipes.ade import ade
from pushforward.recipes.ae import ae
from pushforward.recipes.avb import avb
from pushforward.recipes.bgan import bgan
from pushforward.recipes.cart import cart
from pushforward.recipes.consistency import consistency
from pushforward.recipes.copula import copula
from pushforward.recipes.cramer_gan import cramer_gan
from pushforward.recipes.discrete_bgan import discrete_bgan
from pushforward.recipes.distilled import distilled
from pushforward.recipes.drifting import drifting
from pushforward.recipes.empirical_cdf import empirical_cdf
from pushforward.recipes.f_gan import f_gan
from pushforward.recipes.factor_analysis import factor_analysis
from pushforward.recipes.feature_matching import feature_matching
from pushforward.recipes.flow_gan import flow_gan
from pushforward.recipes.forest import forest
from pushforward.recipes.gan import gan
from pushforward.recipes.gc_mmd import gc_mmd
from pushforward.recipes.glow import glow
from pushforward.recipes.gmm import gmm
from pushforward.recipes.gram import gram
from pushforward.recipes.grid_cdf import grid_cdf
from pushforward.recipes.gumbel_vae import gumbel_vae
from pushforward.recipes.independent import independent
from pushforward.recipes.iwae import iwae
from pushforward.recipes.kde import kde
from pushforward.recipes.linear_mmd_gan import linear_mmd_gan
from pushforward.recipes.maf import maf
from pushforward.recipes.mmd_gan import mmd_gan
from pushforward.recipes.mmd_gan_gp import mmd_gan_gp
from pushforward.recipes.mmd_net import mmd_net
from pushforward.recipes.r3gan import r3gan
from pushforward.recipes.real_nvp import real_nvp
from pushforward.recipes.repulsive_mmd_gan import repulsive_mmd_gan
from pushforward.recipes.smmd import smmd
from pushforward.recipes.sn_gan import sn_gan
from pushforward.recipes.sn_smmd import sn_smmd
from pushforward.recipes.swgan import swgan
from pushforward.recipes.table_cdf import table_cdf
from pushforward.recipes.triangular import triangular
from pushforward.recipes.vae import vae
from pushforward.recipes.vae_gan import vae_gan
from pushforward.recipes.vae_iaf import vae_iaf
from pushforward.recipes.wae_gan import wae_gan
from pushforward.recipes.wae_mmd import wae_mmd
from pushforward.recipes.wgan import wgan
from pushforward.recipes.wgan_gp import wgan_gp

__all__ = [
    "aae",
    "ade",
    "ae",
    "avb",
    "bgan",
    "cart",
    "consistency",
    "copula",
    "cramer_gan",
    "discrete_bgan",
    "distilled",
    "drifting",
    "empirical_cdf",
    "f_gan",
    "factor_analysis",
    "feature_matching",
    "flow_gan",
    "forest",
    "gan",
    "gc_mmd",
    "glow",
    "gmm",
    "gram",
    "grid_cdf",
    "gumbel_vae",
    "independent",
    "iwae",
    "kde",
    "linear_mmd_gan",
    "maf",
    "mmd_gan",
    "mmd_gan_gp",
    "mmd_net",
    "r3gan",
    "real_nvp",
    "repulsive_mmd_gan",
    "smmd",
    "sn_gan",
    "sn_smmd",
    "swgan",
    "table_cdf",
    "triangular",
    "vae",
    "vae_gan",
    "vae_iaf",
    "wae_gan",
    "wae_mmd",
    "wgan",
    "wgan_gp",
]
