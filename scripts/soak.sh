#!/bin/bash
# make soak: the long proofs with their full figures, and everything on both databases. SOAK_SEED=n draws the same again.
set -uo pipefail
cd "$(dirname "$0")/.."

export SOAK=1
export SOAK_SEED=${SOAK_SEED:-$((RANDOM * 32768 + RANDOM))}
echo "SOAK_SEED=$SOAK_SEED"
scripts/test.sh
status=$?
echo "SOAK_SEED=$SOAK_SEED"
exit $status
