"""Work orders: a piece of work with one lead handler and a clock, sent into the tree, worked, reviewed, finished.

It places a hold on its case while it is open. It knows no handoff and no follow-up.
"""
