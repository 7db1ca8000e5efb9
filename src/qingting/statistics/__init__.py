"""Counting: its own facts, refreshed from the journal, and the pages that show them. It changes nothing anywhere else."""
