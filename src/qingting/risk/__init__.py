"""Judging danger: structured risk assessments by a person, with a transparent rule that proposes and a person who decides.

The machine's danger signs come from `screening`; here a level is a person's judgement with reasons, and the worst answer wins.
"""
