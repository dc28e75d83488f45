"""The exact nearest neighbours: products in low precision propose, differences in float64 decide."""
