"""What takes how long: measurements that a maintainer starts, one file each, for `mlt-nn bench`."""

from pathlib import Path

# Where `python -m benchmarks` is found.
TESTS = Path(__file__).resolve().parents[1]
