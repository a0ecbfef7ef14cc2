"""How the docs are built."""

project = "Equipoise"
author = "The Equipoise maintainers"
copyright = "2026, The Equipoise maintainers"
extensions = ["myst_parser", "sphinx_click"]
source_suffix = {".md": "markdown"}
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "Equipoise"
html_static_path = ["_static"]
nitpicky = True
linkcheck_ignore = [".*"]
