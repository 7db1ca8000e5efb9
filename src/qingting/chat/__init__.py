"""Conversations and messages of every text channel: stored before they are acknowledged, screened as they arrive, resumed after anything.

It asks the waiting line for a person. It opens no contact record and judges no risk.
"""
