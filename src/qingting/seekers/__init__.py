"""The people the help is for: help-seekers, what is known of them, their consents, and the vault of their personal data.

Personal data are encrypted by field, found by blind index, masked unless unmasked with a reason. It knows no case.
"""
