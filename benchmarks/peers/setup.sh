#!/usr/bin/env bash
# The peers' environment: benchmarks/peers/setup.sh [FOLDER]      (.venv-peers by default; then set PEERS=FOLDER)
# torch comes first, so that a CPU build that pip finds is kept; torchvision's place is taken by a stub.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$here/../../.venv-peers}
python3 -m venv "$folder"
"$folder/bin/pip" install -q torch==2.13.0
"$folder/bin/pip" install -q -r "$here/requirements.txt"
"$folder/bin/pip" install -q --no-deps -r "$here/requirements-alone.txt"
cp -r "$here/stub/torchvision" "$("$folder/bin/python" -c 'import site; print(site.getsitepackages()[0])')/"
