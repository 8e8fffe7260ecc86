"""Asking each other before a yes that touches both."""
