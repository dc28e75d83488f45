"""What every reader gives and every data set is made of: rows with labels, options, splits, files of arrays."""
