#!/usr/bin/env bash
# Run once, when the autograder is uploaded: Python 3.11 or newer with the packages of the grading, and the sandbox.
set -euo pipefail
cd "$(dirname "$0")/.."
apt-get update
apt-get install -y bubblewrap || echo "There is no bubblewrap here: submissions will be graded without a sandbox."
python=""
for candidate in python3.15 python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -m venv --help >/dev/null 2>&1 && "$candidate" -c 'import ensurepip' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    # Ubuntu 24.04 has 3.12, Ubuntu 22.04 has 3.11.
    apt-get install -y python3.12 python3.12-venv && python=python3.12 ||
        { apt-get install -y python3.11 python3.11-venv && python=python3.11; }
fi
"$python" -m venv venv
venv/bin/python -m pip install -c source/course/mlt_nn/support/constraints.txt numpy
