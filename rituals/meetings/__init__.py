"""Our time: once a week, step by step, and what was decided."""
