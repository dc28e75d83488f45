"""Where the peers' environment is, and where tables go."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from cells import RUNS, write  # noqa: E402

PEERS = os.environ.get("PEERS", str(HERE.parents[1] / ".venv-peers")) + "/bin/python"
"""The interpreter that has the peers; PEERS names another environment than `.venv-peers`."""

__all__ = ["HERE", "PEERS", "RUNS", "write"]
