"""Whether it helped: follow-up calls by a third person, the young person's own rating, and the holds they lift.

It comes after the work is done. It changes no order and closes no case.
"""
