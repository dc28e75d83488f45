"""The ways in which samples miss the data: regions, classes, modes, outlying rows, scores that say nothing."""
