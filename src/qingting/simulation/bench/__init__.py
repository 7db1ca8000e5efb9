"""Measurements of the running platform, from outside: through its doors and, for comparison, its database. Loopback only."""
