"""Rituals: what we do every day."""
