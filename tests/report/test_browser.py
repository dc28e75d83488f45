"""The pages in a headless browser, where one is found: they load whole, say nothing on the console, and fit a phone."""

import json
import re
import shutil
import subprocess
from html import escape, unescape

import pytest

from pushforward.report import report

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PHONE = 390
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--enable-logging=stderr",
    "--window-size=1200,900",
)
# the page in a frame as wide as a phone; the outer page measures it and writes down what it found
HARNESS = """<!DOCTYPE html><meta charset="utf-8"><pre id="found"></pre>
<iframe style="width: {width}px; height: 800px; border: 0" srcdoc="{page}"></iframe>
<script>
addEventListener("load", () => {{
  const inner = document.querySelector("iframe").contentDocument, root = inner.documentElement;
  const images = [...inner.images], boxes = [...inner.querySelectorAll(".scroll")];
  document.getElementById("found").textContent = JSON.stringify({{
    images: images.length,
    broken: images.filter(i => !i.complete || i.naturalWidth === 0 || i.getBoundingClientRect().width === 0).length,
    width: root.clientWidth,
    content: root.scrollWidth,
    boxes: boxes.length,
    wide: [...inner.querySelectorAll("main *")].filter(
      e => !e.closest(".scroll") && !e.closest("pre") && e.getBoundingClientRect().right > root.clientWidth + 1
    ).length,
  }});
}});
</script>"""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed, so pages cannot be looked at")


def browse(page, profile, *flags):
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={profile}", *flags, page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)


def measured(page, tmp_path, width):
    harness = tmp_path / f"harness-{width}.html"
    content = escape(page.read_text(encoding="utf-8"))
    harness.write_text(HARNESS.format(width=width, page=content), encoding="utf-8")
    dumped = browse(harness, tmp_path / f"profile-{width}", "--virtual-time-budget=5000", "--dump-dom").stdout
    return json.loads(unescape(re.search('<pre id="found">(.*?)</pre>', dumped, re.DOTALL)[1]))


def test_a_page_of_every_kind_loads_and_fits_a_phone(images, points, rows, tmp_path):
    """One page of several runs holds pictures, points and tables; the single pages hold the rest."""
    several = report([images.path, points.path, rows.path])
    # of each page the images and the boxes that scroll, at least
    for page, least, boxes in ((report(images.path), 10, 0), (report(rows.path), 5, 4), (several, 2 + 2 + 3, 1)):
        folder = tmp_path / f"look-{least}"
        folder.mkdir()
        found = measured(page, folder, PHONE)
        assert found["images"] >= least
        assert found["boxes"] >= boxes
        assert (found["broken"], found["wide"]) == (0, 0)
        assert (found["width"], found["content"]) == (PHONE, PHONE)
        assert "CONSOLE" not in browse(page, folder / "profile", "--dump-dom").stderr


def test_the_console_check_can_fail(tmp_path):
    page = tmp_path / "bad.html"
    page.write_text("<script>undefined_function()</script>")
    assert "CONSOLE" in browse(page, tmp_path / "profile", "--dump-dom").stderr
