"""Repairs: how we come back."""
