"""The pages as documents: self-contained, well-formed, escaped, complete, and honest about what is missing."""

import base64
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from pushforward.errors import Refused
from pushforward.report import judgement, picture, report
from pushforward.report.page import POLICY

VOID = {"img", "meta"}


class Outline(HTMLParser):
    """Elements, headings, images and words of a page; fails on tags that do not nest."""

    def __init__(self, content):
        super().__init__()
        self.open, self.headings, self.images, self.ids, self.links, self.words = [], [], [], [], [], []
        self.tags = set()
        self.feed(content)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.tags.add(tag)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if "href" in given else []
        if tag == "img":
            self.images.append(given)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self):
        return re.sub(r"\s+", " ", " ".join(self.words))


def outline(page):
    return Outline(page.read_text(encoding="utf-8"))


@pytest.fixture(params=["images", "points", "rows"])
def run(request):
    return request.getfixturevalue(request.param)


def test_a_page_needs_nothing_but_itself(run):
    page = report(run.path)
    assert page == run.path / "report.html"
    content, found = page.read_text(encoding="utf-8"), outline(page)
    assert content.startswith("<!DOCTYPE html>")
    assert '<meta charset="utf-8">' in content
    assert 'name="viewport" content="width=device-width, initial-scale=1"' in content
    assert POLICY.replace("'", "&#x27;") in content
    assert not re.search(r"(src|href|url\()\W*(https?:)?//", content)
    assert not found.tags & {"script", "link", "iframe", "object", "embed", "base", "form"}
    assert not re.search(r"\son\w+=", content)
    assert "@import" not in content


def test_every_image_is_in_the_page_and_described(run):
    found = outline(report(run.path))
    assert len(found.images) >= 4
    for image in found.images:
        kind, content = re.fullmatch(r"data:(image/png|image/svg\+xml);base64,(.+)", image["src"]).groups()
        start = b"\x89PNG\r\n" if kind == "image/png" else b"<?xml"
        assert base64.b64decode(content, validate=True).startswith(start)
        assert len(image["alt"]) > 8


def test_headings_descend_one_at_a_time_and_anchors_are_unique(run, points):
    for page in (report(run.path), report([run.path, points.path])):
        found = outline(page)
        assert found.headings.count(1) == 1
        assert found.headings[0] == 1
        assert all(after <= before + 1 for before, after in zip(found.headings, found.headings[1:], strict=False))
        assert len(set(found.ids)) == len(found.ids)
        assert all(link[1:] in found.ids for link in found.links if link.startswith("#"))


def test_the_verdict_and_the_call_stand_on_the_page(images, points):
    found = outline(report(images.path)).text
    for words in (
        "gram on digits",
        "Not distinguishable",
        "Shown one real and one generated picture, no judge here picks the real one more often than a guess would",
        "p = 0.31 samples and data are not told apart at level 0.05",
        "On 270 held-out points the samples cannot be told from the data.",
        "0.931 ± 0.015",
        "2.1\u00a0×\u00a010⁻⁴ ± 3.4\u00a0×\u00a010⁻⁴".replace("\u00a0", " "),
        "pushforward fit gram --data digits --steps 3000",
        "loss of the critic",
        "loss of the generator",
        "energy distance, lower is better",
        "3,000 turns in 1 min 30 s",
        "2.6.0",
    ):
        assert words in found, words
    told = outline(report(points.path)).text
    assert "Close" in told
    assert "a judge picks the real one 60 times in 100" in told
    assert "a quarter of the variety of the data is missing" in told


def test_every_test_says_what_it_found_and_warnings_are_shown(images, made):
    judged = made.verdict()
    judged["tests"]["memorisation"] = {"p_value": 0.4, "rejected": False, "level": 0.05}
    judged["warnings"] = ["the sizes differ."]
    images.write_json("verdict.json", judged)
    found = outline(report(images.path)).text
    assert "samples and data are not told apart at level 0.05" in found
    assert "samples lie no nearer to the training part than to unseen data at level 0.05" in found
    assert "Note: the sizes differ." in found


def test_a_verdict_of_another_version_is_not_read(images, made):
    images.write_json("verdict.json", made.verdict() | {"version": 1})
    found = outline(report(images.path)).text
    assert "verdict.json is of version 1" in found.partition("What is not here")[2]
    assert "has not been judged" in found


def test_what_was_found_is_shown_as_it_is(images):
    found = outline(report(images.path))
    assert "(1.0 ± 2.0) × 10⁻⁴" in found.text.replace("\u00a0", " ")  # halves of the data
    assert "The number is the density ratio" in found.text
    assert "9 " in found.text.partition("What it misses")[2]
    alts = [image["alt"] for image in found.images]
    assert "shares of the classes in both" in alts
    assert sum("nearest training datum" in alt for alt in alts) == 4


def test_scores_that_say_nothing_are_set_back(tmp_path, generator, made):
    silent = {"value": 1.0, "stderr": None, "interval": None, "better": "higher"}
    found = made.verdict(coverage=silent | {"informative": False, "reason": "a constant scores as well"})
    page = judgement(found, made.image_panels(generator), tmp_path / "page.html").read_text(encoding="utf-8")
    cards = re.findall(r'<div( class="silent")?><dt>(.*?)</dt>', page.partition('class="gauges"')[2])
    assert [name for silent, name in cards if silent] == ["coverage"]
    assert "precision" in [name for _, name in cards]
    assert page.count("says nothing here: a constant scores as well") == 1


def test_samples_of_any_program_have_a_page(tmp_path, generator, made):
    found = made.verdict() | {"real": "a/real.npy", "fake": "<i>fake.npy", "splits": {"generated-test": {"mmd": 0.25}}}
    page = judgement(found, made.image_panels(generator), tmp_path / "page.html")
    text = outline(page).text
    assert "<i>fake.npy against real.npy" in text
    assert "0.250" in text.partition("Held-out comparisons")[2]
    assert "features identity; seed 0." in text
    with pytest.raises(Refused, match="must end in .html"):
        judgement(found, {}, tmp_path / "page.pdf")


@pytest.mark.parametrize("older", ["discrepancy", "projection"])
def test_the_critic_of_an_older_log_is_called_so(images, older):
    log = images.path / "log.jsonl"
    whole = log.read_text().replace('"player": "critic"', f'"player": "{older}"', 3)
    assert older in whole
    log.write_text(whole)
    text = outline(report(images.path)).text
    assert text.count("loss of the critic") == 1
    assert f"loss of the {older}" not in text


def test_spaces_are_shown_for_methods_with_a_critic_only(images, points):
    assert "The critic's space" in outline(report(images.path)).text
    assert "space" not in outline(report(points.path)).ids


def test_words_from_the_data_are_never_markup(rows, points):
    for page in (report(rows.path), report([rows.path, points.path])):
        assert "<b>" not in page.read_text(encoding="utf-8")
        assert "gan on <script>customers.csv" in outline(page).text
        assert "income <€ & more>" in outline(page).text


@pytest.mark.parametrize("name", ["verdict.json", "panels.npz", "scores.jsonl", "log.jsonl", "environment.json"])
@pytest.mark.parametrize("damage", [None, b"\x00{"], ids=["missing", "damaged"])
def test_what_is_missing_or_damaged_is_said(images, name, damage):
    path = images.path / name
    path.unlink()
    if damage is not None:
        path.write_bytes(damage + b"\n" + damage)
    text = outline(report(images.path)).text
    assert "What is not here" in text
    assert name in text.partition("What is not here")[2]


def test_a_whole_run_misses_nothing(images):
    assert "What is not here" not in outline(report(images.path)).text


def test_a_run_that_is_only_a_call_has_a_page(images):
    for path in images.path.iterdir():
        if path.name != "call.yaml":
            path.unlink()
    text = outline(report(images.path)).text
    assert "Not tested" in text
    assert "has not been judged" in text
    assert "3,000 turns" in text  # those asked for


def test_a_run_that_diverged_has_a_page(tmp_path, generator, made):
    """NaN in samples and losses, scores without values, a log of one line."""
    panels = {"data_examples": generator.normal(size=(50, 2)), "sample_examples": np.full((50, 2), np.nan)}
    run = made.write(
        tmp_path / "run", panels, verdict=made.verdict(mmd={"value": None, "stderr": None, "interval": None})
    )
    run.write_text("log.jsonl", '{"turn": 1, "player": "sampler", "loss": null}\n')
    run.write_text("scores.jsonl", '{"turn": 1, "scores": {"energy": {"value": null}}}\n')
    text = outline(report(run.path)).text
    assert "50 of them beyond the edge" in text


def test_constant_columns_and_empty_witnesses_are_drawn(tmp_path, generator, made):
    rows = np.stack([np.ones(30), generator.normal(size=30), np.zeros(30)], 1)
    panels = {"data_examples": rows, "sample_examples": rows, "missed_examples": rows[:0], "over_examples": rows[:3]}
    text = outline(report(made.write(tmp_path / "run", panels).path)).text
    assert "No data were kept for this" in text
    assert "x3" in text


def test_many_columns_are_cut_and_it_is_said(tmp_path, generator, made):
    x = generator.normal(size=(30, 40))
    found = outline(report(made.write(tmp_path / "run", {"data_examples": x, "sample_examples": x}).path))
    assert "The first 24 of 40 columns are drawn." in found.text
    assert sum("histogram" in image["alt"] for image in found.images) == 24


@pytest.mark.parametrize(("channels", "size"), [(1, 28), (3, 32), (3, 500)])
def test_pictures_of_any_size_are_drawn(tmp_path, generator, channels, size, made):
    run = made.write(tmp_path / "run", made.image_panels(generator, n=9, channels=channels, size=size), "Image")
    found = outline(report(run.path))
    sheets = [image for image in found.images if image["alt"].startswith("a sheet")]
    assert [image["alt"] for image in sheets] == [
        f"a sheet of {4 if size == 500 else 9} pictures of the {word}" for word in ("data", "samples")
    ]


def test_pictures_without_a_channel_axis_are_gray(tmp_path, generator, made):
    gray = made.pictures(generator)[..., 0]
    assert picture(made.write(tmp_path / "run", {"data_examples": gray, "sample_examples": gray}, "Image"))


def test_the_same_run_gives_the_same_page(rows):
    assert report(rows.path).read_bytes() == report(rows.path).read_bytes()


def test_picture_is_written_beside(run):
    content = picture(run)
    assert content == run.picture.read_bytes()
    assert content.startswith(b"\x89PNG")


def test_picture_of_a_run_without_examples_is_refused(images):
    images.write_arrays("panels.npz", {})
    with pytest.raises(Refused, match="nothing to draw"):
        picture(images)
    images.panels.unlink()
    with pytest.raises(Refused, match="no-examples"):
        picture(images)


def test_report_refuses_what_is_not_a_run(tmp_path, images):
    with pytest.raises(Refused, match="got none"):
        report([])
    with pytest.raises(Refused, match="does not exist"):
        report(tmp_path / "nothing")
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused, match="cannot be written: there is a file of that name"):
        report(images.path, out=tmp_path / "file" / "page.html")


def test_several_runs_are_ranked_within_their_data(tmp_path, generator, made):
    def run(name, value, data="digits", **how):
        scores = (
            made.verdict(mmd={"value": value, "stderr": 0.001, "interval": None})
            if value is not None
            else made.verdict() | {"scores": {}}
        )
        return made.write(
            tmp_path / "runs" / name, made.image_panels(generator, n=4), "Image", data=data, verdict=scores
        ).path

    given = [
        run("bad", 0.3),
        run("unjudged", None),
        run("good", -0.001),
        run("elsewhere", 0.1, data="ring"),
        run("fair", 0.02),
    ]
    page = report(given)
    assert page == tmp_path / "runs" / "report.html"
    page = report([*given, page])  # as the shell gives runs/* the second time
    found = outline(page)
    tables = found.text.partition("On ring")[0]
    places = [tables.index(f" {name} ") for name in ("good", "fair", "bad", "unjudged")]
    assert places == sorted(places)
    assert " elsewhere " not in tables
    assert "Sorted by MMD², the best first." in found.text
    sheets = [image["alt"] for image in found.images if image["alt"].endswith("pictures of the samples")]
    assert len(sheets) == 5


def test_runs_are_linked_to_their_own_pages(rows, points, tmp_path):
    report(rows.path)
    links = outline(report([rows.path, points.path], out=tmp_path / "pages" / "all.html")).links
    assert "../runs/gan-%3Cb%3Ecustomers/report.html" in links
    assert not any("mmd_net-ring" in link for link in links)  # it has no page of its own yet


def test_higher_scores_come_first_where_higher_is_better(tmp_path, generator, made):
    for name, value in (("low", 0.2), ("high", 0.9)):
        scores = made.verdict() | {"scores": {"coverage": {"value": value, "stderr": None, "better": "higher"}}}
        made.write(tmp_path / name, made.image_panels(generator, n=4), "Image", verdict=scores)
    text = outline(report([tmp_path / "low", tmp_path / "high"])).text
    assert text.index(" high not distinguishable p = 0.31") < text.index(" low not distinguishable p = 0.31")


def test_verdicts_of_different_protocols_stand_apart_and_the_difference_is_named(tmp_path, generator, made):
    for name, seed, k in (("a", 0, 5), ("b", 1, 5), ("c", 0, 3)):
        protocol = {"metrics": {"prdc": {"k": k}}, "seed": seed, "line": ""}
        panels = made.image_panels(generator, n=4)
        made.write(tmp_path / name, panels, "Image", verdict=made.verdict() | {"protocol": protocol})
    found = outline(report([tmp_path / name for name in "abc"]))
    assert "not comparable: metrics.prdc.k is 5 in a and 3 in c" in found.text
    assert "metrics.prdc.k is 3 in c and 5 in a" in found.text
    assert sum(anchor.startswith("data-") for anchor in found.ids) == 2


def test_the_page_says_when_the_learning_rates_were_lowered_and_the_run_stopped(points):
    assert "learning rates" not in outline(report(points.path)).text
    for turn, decayed, factor, ended in ((600, False, 1.0, False), (700, True, 0.5, False), (1500, True, 0.25, True)):
        found = {"p_value": 0.5, "failures": 0, "decayed": decayed, "factor": factor}
        points.append_jsonl("log.jsonl", {"turn": turn, "seconds": 1.0, "check": found, "ended": ended})
    text = outline(report(points.path)).text
    assert "the learning rates were lowered at turn 700 (× 0.5), 1,500 (× 0.25)." in text
    assert "The run was stopped early at turn 1,500." in text
