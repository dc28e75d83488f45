"""One command for several values of an option: a run each, checked before the first, and one page."""

SMALL = ("--data", "ring", "--steps", 2, "--network", "MLP", "--network.widths", "[4]", "--critic_network", "MLP",
         "--critic_network.widths", "[4]", "--layers", 1, "--widths", "[4]", "--no-verdict", "--quiet")  # fmt: skip


def test_a_run_for_each_value_and_one_page(shell, tmp_path):
    answer = shell("fit", "ade", *SMALL, "--sweep", "adversarial=0,0.5")
    assert answer.code == 0, answer.err
    *runs, page = answer.out.split()
    assert runs == ["runs/ade-ring-adversarial-0", "runs/ade-ring-adversarial-0.5"]
    assert page == "runs/ade-ring-adversarial.html"
    assert "2 runs compared" in (tmp_path / page).read_text()
    assert "adversarial: 0.5" in (tmp_path / runs[1] / "call.yaml").read_text()


def test_it_is_refused_before_the_first_run(refused, tmp_path):
    said = refused("fit", "ade", *SMALL, "--sweep", "adversarial=0,much")
    assert "much" in said
    assert "--sweep takes one option of the recipe and two values or more" in refused(
        "fit", "ade", *SMALL, "--sweep", "adversarial=1"
    )
    assert "--sweep is over an option of a recipe, and none is named" in refused("fit", "--sweep", "a=1,2")
    assert "fit has no option --advers" in refused("fit", "ade", *SMALL, "--sweep", "advers=1,2")
    assert not (tmp_path / "runs").exists()
