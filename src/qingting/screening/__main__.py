"""`python -m qingting.screening` reads JSONL on stdin and writes JSONL on stdout."""

import sys

from .cli import main

if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
