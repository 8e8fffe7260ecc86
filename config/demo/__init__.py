"""What the demo couple has lived, room by room; `manage.py demo` puts it in."""
