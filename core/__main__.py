"""`python -m core`: the commands."""

import sys

from core.cli.app import app

if __name__ == "__main__":
    sys.exit(app())
