"""The bounds on how much of a data set is held in memory, in bytes."""

AS_FLOATS = 2**30
"""Bytes of float32 above which images of uint8 stay uint8."""

IN_MEMORY = 4 * 2**30
"""Bytes of float32 above which a memory-mapped file stays on disk."""

AT_ONCE = 2**26
"""Bytes of float32 below which a file is encoded at once: then nobody minds what becomes of it afterwards."""
