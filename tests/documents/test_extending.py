"""The files of docs/extending: each passes the laws of its room, is what its formula says, and runs from elsewhere."""

import doctest
import importlib
import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest
import torch
import yaml
from torch.testing import assert_close

import pushforward as pf
from pushforward.cli import main
from pushforward.errors import Refused

EXTENDING = Path(__file__).resolve().parents[2] / "docs" / "extending"
FILES = sorted(path.stem for path in EXTENDING.glob("*.py"))
PAGES = sorted(path.stem for path in EXTENDING.glob("*.md"))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
TINY = ["--data", "ring", "--steps", "2", "--no-verdict", "--quiet"]


@pytest.fixture
def mine(tmp_path, monkeypatch):
    """A folder of the user's own with copies of the files, from which they are imported by name."""
    for path in EXTENDING.glob("*.py"):
        shutil.copy(path, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    importlib.invalidate_caches()
    yield importlib.import_module
    for name in FILES:
        sys.modules.pop(name, None)


@pytest.mark.parametrize("name", FILES)
def test_a_page_shows_the_file_and_its_examples_are_right(mine, name):
    pages = [path.read_text(encoding="utf-8") for path in EXTENDING.glob("*.md")]
    assert [f"{{literalinclude}} {name}.py" in page for page in pages].count(True) == 1
    assert doctest.testmod(mine(name), optionflags=doctest.ELLIPSIS).failed == 0


@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("periodic", "Periodic"),
        ("moments", "Moments"),
        ("nearest", "Nearest"),
        ("drift", "Drift"),
        ("drift", "wgan_drift"),
        ("residual", "ResidualMLP"),
        ("outside", "Outside"),
        ("euros", "Euros"),
        ("direct", "direct"),
    ],
)
def test_the_laws_of_its_room_hold(mine, name, member):
    pf.testing.check(getattr(mine(name), member))


def test_the_periodic_kernel_is_its_formula(mine, rng):
    x, y = (torch.randn(n, 3, dtype=torch.float64, generator=rng) for n in (5, 4))
    k = mine("periodic").Periodic(2.5, 0.7)
    sines = torch.sin(torch.pi * (x[:, None] - y) / 2.5).square().sum(2)
    assert_close(k(x, y), torch.exp(-2 * sines / 0.7**2))
    assert_close(k(x + 2.5, y), k(x, y))


def test_the_discrepancy_of_moments_is_an_mmd(mine, rng):
    x, y, h = (torch.randn(n, 3, dtype=torch.float64, generator=rng) for n in (9, 7, 4))
    D = mine("moments").Moments(0.5)
    k = pf.kernels.Linear() + 0.5 * pf.kernels.Polynomial(2, gamma=1.0, offset=0.0)
    assert_close(D(x, y), pf.discrepancies.MMD(k, pf.discrepancies.Biased())(x, y))
    assert_close(D.witness(x, x, y).mean() - D.witness(y, x, y).mean(), D(x, y))
    assert_close(D.witness(h, x, y), k(h, x).mean(1) - k(h, y).mean(1))


def test_the_nearest_points_are_the_limit_of_scores(mine, rng):
    y, x, other = (torch.randn(n, 2, dtype=torch.float64, generator=rng) for n in (6, 5, 4))
    V, limit = mine("nearest").Nearest(0.5), pf.fields.ScoreDifference(1e-3)
    assert_close(V(y, x), 0.5 * limit(y, x))
    assert_close(V(y, x, other), 0.5 * limit(y, x, other))


def test_drift_is_taken_off_the_objective(mine, rng):
    f = torch.nn.Linear(3, 1)
    x, y = (pf.spaces.Batch(torch.randn(6, 3, generator=rng)) for _ in range(2))
    with_drift, without = (
        pf.critics.Adversarial(pf.discrepancies.MeanDifference(), f, *c) for c in ([mine("drift").Drift(0.3)], [])
    )
    assert_close(without.objective(x, y) - with_drift.objective(x, y), 0.3 * f(x.x).square().mean())


def test_samples_of_the_data_leave_their_range_as_often_as_ranks_say(mine):
    generator = torch.Generator().manual_seed(1)
    n, repeats = 9, 1000  # a tenth draw is the least or the largest of ten in 2 of 10 cases
    draws = torch.rand(repeats, n + 1, 1, dtype=torch.float64, generator=generator)
    outside = mine("outside").Outside()
    shares = [outside(row[:n], row[n:].expand(2, 1))[0].value for row in draws]
    error = (0.2 * 0.8 / repeats) ** 0.5
    assert abs(sum(shares) / repeats - 0.2) < 4 * error


def test_nonsense_is_refused(mine):
    for name, member, options in [
        ("periodic", "Periodic", {"period": 0.0}),
        ("moments", "Moments", {"weight": -1.0}),
        ("nearest", "Nearest", {"step": 0.0}),
        ("drift", "Drift", {"weight": -1.0}),
        ("residual", "ResidualMLP", {"depth": 0}),
        ("euros", "Euros", {"sign": ""}),
    ]:
        with pytest.raises(Refused, match=next(iter(options))):
            getattr(mine(name), member)(**options)


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_shows_runs(mine, tmp_path, page):
    for name in ("real.csv", "fake.csv"):
        (tmp_path / name).write_text("a,b\n" + "".join(f"{i % 7},{i * i % 11 / 2}\n" for i in range(60)))
    for kind, text in BLOCK.findall((EXTENDING / f"{page}.md").read_text(encoding="utf-8")):
        if kind == "python":
            exec(text.replace("steps=1000)", "steps=2, verdict=False, quiet=True)"), {})
        for line in text.splitlines() if kind == "sh" else []:
            program, verb, *argv = shlex.split(line, comments=True)
            short = ["--steps", "2", "--no-verdict", "--quiet"] if verb == "fit" and "--help" not in argv else []
            assert program == "pushforward"
            assert main([verb, *argv, *short]) == 0


def test_options_reach_the_members(mine, tmp_path):
    moments = ["--discrepancy", "moments.Moments", "--discrepancy.weight", "0.5", "--noise.dim", "4"]
    assert main(["fit", "direct.direct", *TINY, *moments, "--run", "a"]) == 0
    call = yaml.safe_load((tmp_path / "a" / "call.yaml").read_text())
    assert call["recipe"] == "direct.direct"
    assert call["arguments"]["discrepancy"] == {"class_path": "moments.Moments", "init_args": {"weight": 0.5}}
    assert call["arguments"]["noise"]["init_args"] == {"dim": 4, "scale": 1.0}


def test_a_run_with_code_of_ones_own_is_opened_with_trust(mine, capsys):
    assert main(["fit", "direct.direct", *TINY, "--run", "a"]) == 0
    capsys.readouterr()
    assert main(["sample", "a", "-n", "3"]) == 2
    assert "--trust direct" in capsys.readouterr().err
    assert main(["sample", "a", "-n", "3", "--trust", "direct"]) == 0


def test_the_metric_is_asked_for_in_python(mine, rng):
    real, fake = torch.rand(200, 2, generator=rng).numpy(), 1.5 * torch.rand(200, 2, generator=rng).numpy()
    (found,) = pf.score(real, fake, metrics=[mine("outside").Outside()]).scores
    beyond = (fake > real.max(0)).any(1).mean()
    assert found.value == pytest.approx(beyond)
    assert found.interval[0] < beyond < found.interval[1]
