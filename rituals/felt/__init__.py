"""How safe it feels: a pulse a week, and published scales."""
