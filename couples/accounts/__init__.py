"""One's own account: its address, what proves it, what is asked again, and how long it stays."""
