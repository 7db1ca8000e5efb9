"""Starts, watches and stops the platform's processes on one machine.

It is for a first look, for development, for tests and for a small station: its own PostgreSQL, the platform's
web and worker, the reference desk. It is not a way to run many machines; `deploy/` shows those. It knows the
programs by their command lines only, imports none of them, and needs nothing but the standard library.
"""
