"""Densities: agreement with other implementations, gaps to known laws, and what they say of tables."""
