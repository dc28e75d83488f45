"""The tests with p-values: two samples, three samples, classifiers, copies of training rows, constant columns."""
