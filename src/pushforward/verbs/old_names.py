"""A table of the modules by which earlier run folders named classes of this package; it never grows."""

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
"""Room → module → classes, of format 2 before it wrote public paths."""

PATHS = {
    f"pushforward.{room}.{module}.{name}": f"pushforward.{room}.{name}"
    for room, modules in MODULES.items()
    for module, names in modules.items()
    for name in names.split()
}


def today(path: str) -> str:
    """The public path of a class that an older run folder names by its module; any other path as it is.

    Example:
        >>> today("pushforward.kernels.gaussian.Gaussian")
        'pushforward.kernels.Gaussian'
    """
    return PATHS.get(path, path)
