"""The room around what screening knows: its command line, and training it. It keeps no table.

`screening` itself is a pure library below every desk; what needs a command for it lives here.
"""
