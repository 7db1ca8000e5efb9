"""Sending words out of the house: to a phone, by text message or by a team's messenger, at any address that apprise knows."""

import apprise


def deliver(address: str, *, body: str, title: str = "") -> bool:
    """Send one message by one channel. True only where the channel said that it took it; a broken channel may raise."""
    channel = apprise.Apprise()
    return bool(channel.add(address)) and bool(channel.notify(title=title, body=body))
