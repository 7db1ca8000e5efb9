"""`python -m policedesk`."""

import sys

from policedesk.cli import main

if __name__ == "__main__":
    sys.exit(main())
