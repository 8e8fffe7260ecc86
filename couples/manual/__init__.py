"""How to be with me, in my own words."""
