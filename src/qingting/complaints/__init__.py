"""Complaints about us (投诉): taken from anybody, also nameless; acknowledged and answered by the clock, by somebody who is not
concerned; reviewed one organisation higher where the answer does not satisfy.

A complaint is no case and holds none: it is about our own work, and whoever it is about never sees it.
"""
