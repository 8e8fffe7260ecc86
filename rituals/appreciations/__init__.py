"""One line that says what was good."""
