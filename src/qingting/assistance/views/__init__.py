"""The pages of assistance: the application itself, and what legal aid has besides."""
