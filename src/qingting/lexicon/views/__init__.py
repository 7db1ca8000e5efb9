"""The pages of the lexicon."""
