"""The desk's pages and its address for other desks.

Pages call `services` to write and `selectors` to read.
"""
