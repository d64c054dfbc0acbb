"""How Sphinx builds the documentation: `tox -e docs`."""

from pytest_mlkata import __version__

project = "pytest-mlkata"
author = "The pytest-mlkata authors"
copyright = author  # noqa: A001  # Sphinx reads this name
release = version = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
myst_heading_anchors = 3

# The docstrings are numpydoc; what stands in single backticks is code.
napoleon_google_docstring = False
napoleon_use_rtype = False
default_role = "code"
autodoc_typehints = "none"
autodoc_member_order = "bysource"
python_use_unqualified_type_names = True
# In the signatures and the tables of parameters: names of other projects, and words instead of a type.
nitpick_ignore_regex = [("py:.*", r".*")]

html_theme = "furo"
html_title = f"pytest-mlkata {release}"
html_extra_path = ["scorecard.schema.json"]
