"""What comes between the two, and how they come first again."""
