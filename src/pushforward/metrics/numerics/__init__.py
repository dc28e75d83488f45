"""The arithmetic of metrics: rows in blocks, moments, transport of Gaussians, sums of polynomial kernels."""
