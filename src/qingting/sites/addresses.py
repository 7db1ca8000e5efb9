"""Addresses by name, for pages that offer a door only once the room behind it is open."""

from django.urls import NoReverseMatch, reverse


def address(name: str, *arguments: int) -> str:
    """The path of a named page, or "" where no room has opened it."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
