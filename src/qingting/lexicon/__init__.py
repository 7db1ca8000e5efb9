"""The room that keeps what screening knows: its command line today, and the words and rules that people change together.

`screening` itself is a pure library below every desk; whatever needs a person, a table or a page for it lives here.
"""
