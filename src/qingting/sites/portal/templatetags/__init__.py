"""Template tags of the seekers' pages."""
