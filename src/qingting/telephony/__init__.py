"""Telephone calls: answered, queued in the one waiting line, connected to seats, joined by 110, recorded, never lost.

It asks the waiting line for a person and an engine (`engine.py`) for the sound. It opens no contact record and judges no risk.
"""
