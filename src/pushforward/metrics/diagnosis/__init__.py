"""Where and how samples miss the data: regions, classes, modes, outlying rows, scores that say nothing."""
