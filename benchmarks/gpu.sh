#!/usr/bin/env bash
# What a machine with one CUDA device is asked for, in under nine minutes: the tests that need it, a turn of `fit`
# beside bare loops, and CIFAR-10 with labels for as long as is left. Run again, it goes on where it was stopped.
#
#   DATA=FOLDER benchmarks/gpu.sh [--rehearse]
#
# FOLDER holds cifar10_train.zip, cifar10_test.zip and weights/inception_fid_768.safetensors. MINUTES (8.5) is what it
# may take, PYTHON the interpreter. Without a device, or with --rehearse, each step runs small on the processor, so that
# the script is known to work before a device is at hand; nothing is written to benchmarks/results then.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${DATA:?names the folder of the data}"
export DATA UNTIL PYTHONPATH="$PWD/src:$PWD${PYTHONPATH:+:$PYTHONPATH}"
python=${PYTHON:-.venv/bin/python}
UNTIL=$(($(date +%s) + $(printf '%.0f' "$(echo "${MINUTES:-8.5} 60" | awk '{print $1 * $2}')")))
small=
if [ "${1:-}" = --rehearse ] || ! "$python" -c 'import sys, torch; sys.exit(not torch.cuda.is_available())'; then
  small=--rehearse
fi

step() { printf '\n== %s\n' "$*"; "$@"; }

tested=benchmarks/runs/gpu-tests-passed
if [ -n "$small" ] || [ ! -e "$tested" ]; then
  step "$python" -m pytest -q -p no:cacheprovider -m cuda tests/training/test_cuda.py
  if [ -z "$small" ]; then mkdir -p benchmarks/runs && touch "$tested"; fi
fi
CELLS=1 step "$python" -m benchmarks.training.gpu $small
step "$python" -m benchmarks.methods.gpu_cifar $small
