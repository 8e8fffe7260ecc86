"""`python -m config.servers run` and `python -m config.servers test -- command …`."""

import argparse
from functools import partial

from config.servers import tools
from config.servers.arrangement import main_with
from config.servers.run import run
from config.servers.testing import test


def main() -> None:
    """Read the command line and do what it asks."""
    parser = argparse.ArgumentParser(prog="config.servers", description=__doc__)
    asks = parser.add_subparsers(dest="ask", required=True)
    asks.add_parser("run", help="start everything, with the demo couple")
    with_servers = asks.add_parser("test", help="run a command with a database and a Redis")
    with_servers.add_argument("command", nargs="+")
    asked = parser.parse_args()
    if asked.ask == "run":
        main_with(run)
    main_with(partial(_test, asked.command))


def _test(command: list[str]) -> int:
    tools.install(tools.missing(tools.needed(command)))
    tools.wish_for([] if "quick-checks" in command else [tools.CLOCK])
    return test(command)


if __name__ == "__main__":
    main()
