"""Telephones that are played: they place and take real SIP calls, speak tones, and measure which tones they hear."""
