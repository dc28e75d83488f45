"""Tests with p-values: two samples, three samples, classifiers, copies of the training data, constant columns."""
