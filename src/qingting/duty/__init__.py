"""Who is at a seat, and what waits for them: presence, the one waiting line for all channels, offers, capacity.

It decides who is offered what. It knows no telephone and no chat: what waits is a subject kind and an id.
"""
