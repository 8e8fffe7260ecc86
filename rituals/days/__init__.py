"""What the two do every day: rituals, marks, calendar, rest."""
