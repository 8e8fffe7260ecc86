"""The settings of the house, with the addresses of showing_urls beside its own."""

from config.settings import *  # noqa: F403 - all of them, but for what follows
from config.settings import MIDDLEWARE

ROOT_URLCONF = "tests.processes.showing_urls"
MIDDLEWARE = [name for name in MIDDLEWARE if name != "couples.access.DeclaredAccess"]
