"""Filled by the statistics room."""
