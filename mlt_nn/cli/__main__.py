"""`python -m mlt_nn.cli` is `mlt-nn`, for a Python that has the course's packages."""

import sys

from mlt_nn.cli import main

if __name__ == "__main__":
    sys.exit(main())
