"""One kind of figure a file; each takes arrays and knows nothing of runs or pages."""
