"""What the two agree on: one sentence both sign, for a time."""
