"""The same arrays through this library and through other programs, in an environment of their own."""
