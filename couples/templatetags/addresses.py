"""Showing an address."""

from __future__ import annotations

from django import template

from couples.accounts import addresses

register = template.Library()


@register.filter
def readable(address: str) -> str:
    """Show the letters of a domain, and not what stands for them between mail servers."""
    return addresses.readable(address)
