"""Measurements of samplers of tables."""
