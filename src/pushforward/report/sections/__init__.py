"""The sections of a page: each takes what was read of a run and returns markup, also where nothing was there."""
