"""The defaults against the sweep that they come from: what a row was trained with, and how near it is to the best."""

import csv
from inspect import signature

import pytest
import torch

import pushforward as pf
from benchmarks.common.cells import RESULTS
from benchmarks.methods.sweep_settings import FAMILIES
from pushforward.spaces import Image

DIGITS = Image(1, 28, 28, classes=tuple("0123456789"))
TABLE = list(csv.DictReader((RESULTS / "sweep.csv").read_text().splitlines()))
ROWS = [row for row in TABLE if (row["data"], row["seed"]) == ("mnist", "0")]

SWEPT = {
    "gan": ("one step", "known good point"),
    "sn_gan": ("penalised", "sn-gan"),
    "sn_smmd": ("penalised", "sn-smmd, 1 critic step"),
    "gram": ("kernels", "gram"),
    "drifting": ("drifting", "drifting"),
}
INHERITED = {
    "gan": ("f_gan", "bgan"),
    "sn_gan": ("repulsive_mmd_gan",),
    "sn_smmd": ("smmd", "swgan", "gc_mmd"),
    "wgan_gp": ("linear_mmd_gan", "mmd_gan_gp", "cramer_gan"),
}


@pytest.mark.parametrize("name", SWEPT)
def test_a_default_is_what_was_measured(name):
    family, setting = SWEPT[name]
    measured, default = FAMILIES[family][setting].make(DIGITS), getattr(pf.recipes, name)(DIGITS)
    assert default.tune == measured.tune
    assert default.batch_size == measured.batch_size
    assert [p.shape for p in default.parameters()] == [p.shape for p in measured.parameters()]
    if name in ("gan", "sn_gan", "sn_smmd"):
        assert default.discrepancy.critic_steps == measured.discrepancy.critic_steps
        assert default.discrepancy.constraints == measured.discrepancy.constraints


@pytest.mark.parametrize("name", ["gan", "sn_gan", "gram", "drifting"])
def test_no_setting_of_its_recipe_is_better_by_a_fifth_and_two_errors(name):
    family, setting = SWEPT[name]
    label = name.replace("_", "-")
    rivals = [r for r in ROWS if r["family"] == family and (family != "penalised" or r["setting"].startswith(label))]
    best = min(rivals, key=lambda row: float(row["kid"]))
    (own,) = [row for row in rivals if row["setting"] == setting]
    assert len(rivals) >= 4
    assert float(own["kid"]) <= 1.2 * float(best["kid"]) + 2 * float(best["kid_stderr"])


@pytest.mark.parametrize(("head", "name"), [(head, name) for head, names in INHERITED.items() for name in names])
def test_the_recipes_of_a_family_inherit_rate_batch_and_steps(head, name):
    first, other = (signature(getattr(pf.recipes, n)).parameters for n in (head, name))
    for option in ("tune", "batch_size", "critic_steps"):
        assert other[option].default == first[option].default, option


def test_every_setting_makes_a_game():
    torch.manual_seed(0)
    for settings in FAMILIES.values():
        assert all(setting.make(DIGITS).space == DIGITS for setting in settings.values())
