"""The scores of samples against data: kernel distances, Fréchet distances, neighbour scores, likelihoods."""
