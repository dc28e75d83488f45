"""What other programs make of the same arrays; run by agreement.py in the peers' environment.

python peers.py PEER FOLDER       # FOLDER holds inputs.npz; prints JSON: version, and a value for each quantity
"""

import contextlib
import io
import json
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

Values = dict[str, float | list[float]]


def torch_fidelity(z: Any) -> Values:
    import torch
    from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric
    from torch_fidelity.metric_isc import isc_features_to_metric
    from torch_fidelity.metric_kid import kid_features_to_metric
    from torch_fidelity.metric_prc import prc_features_to_metric

    y, x = torch.from_numpy(z["y"]), torch.from_numpy(z["x"])  # its first input is what was generated
    kid = kid_features_to_metric(y, x, kid_subsets=100, kid_subset_size=1000, rng_seed=2020, verbose=False)
    moments = (fid_features_to_statistics(v) for v in (y, x))
    score = isc_features_to_metric(torch.from_numpy(z["logits"]), splits=10, shuffle=True, rng_seed=2020)
    balls = prc_features_to_metric(y, x, prc_neighborhood=3, verbose=False)
    return {
        "KID, 100 subsets of 1,000": kid["kernel_inception_distance_mean"],
        "KID, spread over subsets": kid["kernel_inception_distance_std"],
        "FID": fid_statistics_to_metric(*moments, verbose=False)["frechet_inception_distance"],
        "inception score": score["inception_score_mean"],
        "inception score, spread over splits": score["inception_score_std"],
        "precision, k = 3, closed balls": balls["precision"],
        "recall, k = 3, closed balls": balls["recall"],
    }


def pytorch_fid(z: Any) -> Values:
    from pytorch_fid.fid_score import calculate_frechet_distance

    return {"FID": calculate_frechet_distance(*_moments(z["x"]), *_moments(z["y"]))}


def cleanfid(z: Any) -> Values:
    from cleanfid.fid import frechet_distance, kernel_distance

    np.random.seed(2020)  # it draws from the global generator, its second argument first
    return {
        "FID": frechet_distance(*_moments(z["x"]), *_moments(z["y"])),
        "KID, 100 subsets of 1,000": kernel_distance(z["x"], z["y"], num_subsets=100, max_subset_size=1000),
    }


def prdc(z: Any) -> Values:
    from prdc import compute_prdc

    with contextlib.redirect_stdout(io.StringIO()):
        found = compute_prdc(z["x"], z["y"], nearest_k=5)
    return {f"{name}, k = 5, open balls": float(value) for name, value in found.items()}


def torchmetrics(z: Any) -> Values:
    import torch
    from torchmetrics.image.fid import FrechetInceptionDistance
    from torchmetrics.image.inception import InceptionScore
    from torchmetrics.image.kid import KernelInceptionDistance

    class Through(torch.nn.Module):
        num_features = z["x"].shape[1]

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x

    x, y = torch.from_numpy(z["x"]), torch.from_numpy(z["y"])
    same = len(y)
    fid = FrechetInceptionDistance(feature=Through())
    all_rows = KernelInceptionDistance(feature=Through(), subsets=1, subset_size=same)
    for metric, real in ((fid, x), (all_rows, x[:same])):
        metric.update(real, real=True)
        metric.update(y, real=False)
    score = InceptionScore(feature=Through(), splits=1)
    score.update(torch.from_numpy(z["logits"]))
    return {
        "FID": float(fid.compute()),
        "KID, one subset of all rows": float(all_rows.compute()[0]),
        "inception score, one split": float(score.compute()[0]),
    }


def hyppo(z: Any) -> Values:
    from hyppo.ksample import MMD, Energy

    a, b, u, v = z["a"], z["b"], z["u"], z["v"]
    n, m, reps = len(a), len(b), int(z["permutations"])
    gamma = 1 / (2 * float(z["sigma"]) ** 2)
    energy, mmd = Energy(bias=True), MMD(compute_kernel="gaussian", bias=True, gamma=gamma)
    scale = (n + m) ** 4 / (2 * n**2 * m**2)
    return {
        # Its statistic is scale·√(energy distance/scale); its MMD is a correlation, which permutations alone share.
        "energy distance, biased": float(energy.statistic(a, b)) ** 2 / scale,
        "permutation p-value, energy": float(energy.test(u, v, reps=reps, auto=False, random_state=1).pvalue),
        "permutation p-value, MMD": float(mmd.test(u, v, reps=reps, auto=False, random_state=1).pvalue),
    }


def scipy(z: Any) -> Values:
    from scipy.spatial.distance import cdist
    from scipy.stats import energy_distance, permutation_test

    a, b, u, v, reps = z["a"], z["b"], z["u"], z["v"], int(z["permutations"])
    k = lambda s, t: np.exp(-cdist(s, t, "sqeuclidean") / (2 * float(z["sigma"]) ** 2))
    tested = permutation_test(
        (u[:, 0], v[:, 0]), energy_distance, n_resamples=reps, alternative="greater", rng=np.random.default_rng(1)
    )
    return {
        "energy distance, biased": 2 * cdist(a, b).mean() - cdist(a, a).mean() - cdist(b, b).mean(),
        "energy distance, one dimension": energy_distance(a[:, 0], b[:, 0]) ** 2,
        "MMD², biased, Gaussian kernel": k(a, a).mean() + k(b, b).mean() - 2 * k(a, b).mean(),
        "permutation p-value, energy, one dimension": float(tested.pvalue),
    }


def sklearn(z: Any) -> Values:
    from sklearn.linear_model import LogisticRegression

    p, q = z["p"], z["q"]
    label = np.repeat([1, 0], [len(p), len(q)])
    fitted = LogisticRegression(C=1e6, max_iter=1000).fit(np.concatenate([p, q]), label)
    odds = np.exp(fitted.decision_function(q)) * len(q) / len(p)
    return {"mean under weights of a ratio": odds.tolist()}


def densratio(z: Any) -> Values:
    from densratio import densratio as fit

    p, q, at = z["p"], z["q"], z["at"]
    np.random.seed(1)  # it draws its centres from the global generator
    given = fit(p, q, "uLSIF", [float(z["ratio_sigma"])], [0.1], kernel_num=len(p), verbose=False)
    return {
        "uLSIF at points, σ and λ given": given.compute_density_ratio(at).tolist(),
        "mean under weights of a ratio": fit(p, q, verbose=False).compute_density_ratio(q).tolist(),
    }


def dgm_eval(z: Any) -> Values:
    from dgm_eval.metrics.fd import compute_FD_with_reps
    from dgm_eval.metrics.mmd import compute_mmd
    from dgm_eval.metrics.prdc import compute_prdc

    np.random.seed(2020)  # it draws from the global generator, its first argument first
    with contextlib.redirect_stderr(io.StringIO()):
        kid = compute_mmd(z["y"], z["x"])
        found = compute_prdc(z["x"], z["y"], nearest_k=5)
    values = {
        "FID": float(compute_FD_with_reps(z["x"], z["y"])),
        "KID, 100 subsets of 1,000": float(kid.mean()),
        "KID, spread over subsets": float(kid.std()),
    }
    return values | {f"{name}, k = 5, open balls": float(value) for name, value in found.items()}


def alibi_detect(z: Any) -> Values:
    import torch
    from alibi_detect.cd.pytorch.mmd import MMDDriftTorch

    torch.manual_seed(1)
    sigma = np.array([float(z["sigma"])])
    measured = lambda one, other, reps: MMDDriftTorch(one, sigma=sigma, n_permutations=reps, device="cpu").score(other)
    p, value = measured(z["u"], z["v"], int(z["permutations"]))[0], measured(z["a"], z["b"], 1)[1]
    return {"MMD², unbiased, Gaussian kernel": float(value), "permutation p-value, MMD": float(p)}


def torch_two_sample(z: Any) -> Values:
    import torch
    from torch_two_sample.statistics_diff import MMDStatistic

    a, b = (torch.from_numpy(z[name]).float() for name in "uv")
    np.random.seed(1)
    test, alphas = MMDStatistic(len(a), len(b)), [1 / (2 * float(z["sigma"]) ** 2)]
    _, matrix = test(a, b, alphas, ret_matrix=True)
    return {"permutation p-value, MMD": float(test.pval(matrix, n_permutations=int(z["permutations"])))}


def _moments(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return x.mean(0), np.cov(x, rowvar=False)


def _version(name: str) -> str:
    try:
        return version({"cleanfid": "clean-fid", "sklearn": "scikit-learn"}.get(name, name.replace("_", "-")))
    except PackageNotFoundError:
        return "from its repository"


if __name__ == "__main__":
    peer = sys.argv[1]
    inputs = np.load(Path(sys.argv[2]) / "inputs.npz")
    print(json.dumps({"version": _version(peer), "values": globals()[peer](inputs)}))
