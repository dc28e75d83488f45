"""The documents as a site: `python -m sphinx --fail-on-warning docs build/site`, without a network.

Pages are Markdown; the pages of the API and the lists of members are made of the code each time, by docs/building.
"""

import sys
from importlib import metadata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "pushforward"
release = metadata.version(project)
author = "the authors of pushforward"
copyright = "the authors of pushforward, Apache-2.0"  # noqa: A001

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "building.docstrings",
    "building.mathml",
    "building.members",
    "building.offline",
    "building.reference",
]
exclude_patterns = ["building", "**/*.py"]

myst_enable_extensions = ["dollarmath", "deflist", "colon_fence"]
myst_heading_anchors = 3

autodoc_default_options = {"members": True, "special-members": "__call__"}
autodoc_inherit_docstrings = (
    False  # a member's page says what is its own; what it shares stands with the abstract class
)
autodoc_preserve_defaults = False  # a recipe has `paper` in its signature, which its source does not spell
autodoc_typehints_format = "short"
default_role = "code"
smartquotes_action = "q"  # quotes alone: two dashes are an option's
python_maximum_signature_line_length = 88
add_module_names = False
toc_object_entries_show_parents = "hide"
highlight_language = "text"

html_theme = "furo"
html_title = "pushforward"
html_math_renderer = "mathml"
html_copy_source = False
html_show_sphinx = False
html_static_path = ["building/static"]
html_css_files = ["site.css"]
