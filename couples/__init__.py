"""Couples: who we are to each other."""
