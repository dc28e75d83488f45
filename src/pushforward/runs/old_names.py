"""The words of earlier run folders in those of today: classes by their modules, labels by an option of networks."""

from collections.abc import Mapping
from typing import Any

from pushforward import index

MODULES = {
    "kernels": {
        "bandwidth": "Median",
        "base": "Scaled Sum",
        "distance": "Distance",
        "gaussian": "Gaussian",
        "inverse_multiquadric": "InverseMultiquadric",
        "laplacian": "Laplacian",
        "linear": "Linear",
        "polynomial": "Polynomial",
        "rational_quadratic": "RationalQuadratic",
    },
    "networks": {
        "conv_pool": "ConvPool",
        "dcgan": "DCGAN",
        "maxout": "Maxout",
        "mlp": "MLP",
        "residual": "SNResNet",
        "sn_dcgan": "SNDCGAN",
        "strided": "LargeResNet StridedDCGAN",
        "suited": "Suited",
    },
    "discrepancies": {
        "averaged": "Block LinearTime",
        "base": "Scaled Sum",
        "boundary_seeking": "BoundarySeeking",
        "cramer": "Cramer",
        "energy": "Energy",
        "f_divergence": "FDivergence",
        "f_table": "Alpha ForwardKL GAN JS Jeffreys Neyman Pearson ReverseKL SquaredHellinger TotalVariation",
        "hinge": "Hinge",
        "jensen_shannon": "JensenShannon",
        "mean_difference": "MeanDifference",
        "mmd": "MMD",
        "one_sided_mean": "OneSidedMean",
        "quadratic": "Biased UStatistic Unbiased",
        "relativistic": "Relativistic",
        "repulsive": "RepulsiveMMD",
        "root": "Root",
    },
    "critics": {
        "activation_penalty": "ActivationPenalty",
        "autoencoder": "Reconstruction",
        "clipping": "Clipping",
        "dragan": "DRAGAN",
        "gradient_constrained": "GradientConstrained",
        "gradient_penalty": "GradientPenalty",
        "scaling": "Scaling",
        "spectral_norm": "SpectralNorm",
        "zero_centred": "ZeroCentred",
    },
    "samplers": {
        "noise": "Normal Uniform",
    },
    "tuning": {
        "improvement": "ThreeSampleRule Trend",
        "optimizers": "Adam RMSprop SGD",
        "schedules": "Constant Cosine Drop Linear",
        "steps": "Steps",
    },
    "metrics": {
        "extrapolated": "FrechetInfinity",
        "frechet": "FrechetDistance",
        "inception_score": "InceptionScore",
        "jackknife": "Jackknife Jackknifed",
        "kid_subsets": "KIDSubsets",
        "mmd": "EnergyDistance KID KernelDistance",
        "prdc": "PRDC",
        "sliced": "SlicedWasserstein",
        "two_classes": "C2ST",
    },
    "features": {
        "identity": "Identity",
        "pixels": "Pixels",
        "preparation": "CleanFID PytorchFID TorchFidelity",
        "random_conv": "RandomConv",
    },
}
"""Room → module → classes, of format 2 before it wrote public paths; it never grows."""

PATHS = {
    f"pushforward.{room}.{module}.{name}": f"pushforward.{room}.{name}"
    for room, modules in MODULES.items()
    for module, names in modules.items()
    for name in names.split()
}


CONDITIONAL_OF_RECIPES = 5
"""The format of run folders since which whether labels are taken is the recipe's option."""

LABELLED = frozenset({"DCGAN", "MLP", "SNDCGAN", "SNResNet", "LargeResNet", "StridedDCGAN", "Suited"})
"""The plans that had an option `conditional` before."""


def today(path: str) -> str:
    """The public path of a class that an older run folder names by its module; any other path as it is.

    Example:
        >>> today("pushforward.kernels.gaussian.Gaussian")
        'pushforward.kernels.Gaussian'
    """
    return PATHS.get(path, path)


def with_own_conditional(recipe: Any, arguments: Any, always: bool = False) -> Any:
    """Return a recipe's arguments with its own `conditional` in place of its networks', which had it until format 4.

    Args:
        recipe: its name.
        arguments: plain values, read from a file.
        always: whether a recipe that has the option was unconditional where nothing was said, as until format 4.
    """
    if not isinstance(arguments, Mapping):
        return arguments
    plans = [_init_args(value) for value in arguments.values()]
    said = [plan["conditional"] for plan in plans if "conditional" in plan]
    told = {name: _without_conditional(value) for name, value in arguments.items()}
    if (said or always) and _has("conditional", recipe):
        told["conditional"] = any(value is True for value in (*said, arguments.get("conditional")))
    return told


def without_clusters(recipe: Any, arguments: Any) -> Any:
    """Return the arguments of a recorded call, in which clusters that are not spoken of were none."""
    if not isinstance(arguments, Mapping) or not _has("clusters", recipe):
        return arguments
    return {"clusters": "none", **arguments}


def _init_args(value: Any) -> Mapping[str, Any]:
    """Return the options of a network plan of this package, and nothing of any other value."""
    path = value.get("class_path") if isinstance(value, Mapping) else None
    ours = isinstance(path, str) and (path in LABELLED or today(path).removeprefix("pushforward.networks.") in LABELLED)
    given = value.get("init_args") if ours else None
    return given if isinstance(given, Mapping) else {}


def _without_conditional(value: Any) -> Any:
    if "conditional" not in (given := _init_args(value)):
        return value
    return {**value, "init_args": {name: v for name, v in given.items() if name != "conditional"}}


def _has(option: str, recipe: Any) -> bool:
    known = {e.name: e for e in index.entries("recipes")}
    name = recipe.replace("-", "_") if isinstance(recipe, str) else None
    return name in known and option in known[name].names
