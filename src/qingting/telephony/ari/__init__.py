"""The engine's Asterisk: a client of its REST interface, and the controller that decides about every call."""
