"""The people who work here: accounts, the posts they hold in organisations, sign-in with a second factor,
sessions, and what they are told.

It says who somebody is and what their post allows. It knows no seeker.
"""
