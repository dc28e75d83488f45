"""What Sphinx is taught to build this site: our docstrings, mathematics as MathML, pages of rooms, lists of members."""
