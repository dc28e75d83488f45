"""Where the peers' environment is, and where tables go."""

import os
from pathlib import Path

from benchmarks.common.cells import RUNS, write

HERE = Path(__file__).resolve().parent

PEERS = os.environ.get("PEERS", str(HERE.parents[1] / ".venv-peers")) + "/bin/python"
"""The interpreter that has the peers; PEERS names another environment than `.venv-peers`."""

__all__ = ["HERE", "PEERS", "RUNS", "write"]
