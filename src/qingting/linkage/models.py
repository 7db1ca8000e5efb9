"""Filled by the linkage room."""
