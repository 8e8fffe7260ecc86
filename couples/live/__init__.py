"""The live line: names of what changed, to the two phones, at once."""
