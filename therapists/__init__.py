"""Therapists: who helps us."""
