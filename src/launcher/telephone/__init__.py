"""An Asterisk of our own beside the platform: fetched from Debian's packages, configured, kept running.

Nothing is installed on the machine and nothing needs root: the packages are unpacked into a folder and run with that
tree's own loader. Where Debian's packages can't be had, everything else runs and `report.json` says why.
"""
