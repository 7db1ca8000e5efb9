"""The conformance test: plays 12355 (or 110) against a desk under test and says, case by case, what it does
wrong.

`python -m deskwire.conformance --url … --key …`. Every case uses links of its own, marked as drills, and
takes them back at the end. The desk under test must know the public key of the desk that the test plays.
"""
