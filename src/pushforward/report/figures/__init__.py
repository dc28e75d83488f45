"""The figures, one kind a file; each takes arrays and knows nothing of runs or pages."""
