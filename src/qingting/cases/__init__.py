"""A matter about a person over time: opened from a contact, kept open by holds that later rooms place, closed, verified, signed off.

It knows no order, handoff or follow-up; those place holds here and lift them.
"""
