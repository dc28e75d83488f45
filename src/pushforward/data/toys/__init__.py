"""The distributions in the plane with a known density, which serve as data."""
