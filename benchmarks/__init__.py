"""Measurements that are not tests: each writes a table to results/ and runs as `python -m benchmarks.ROOM.NAME`."""
