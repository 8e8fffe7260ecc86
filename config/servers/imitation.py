"""fakeredis as a process of its own: `python -m config.servers.imitation PORT`."""

import sys

from fakeredis import TcpFakeServer

from config.servers.programs import LOOPBACK


def main(port: int) -> None:
    """Serve until ended."""
    TcpFakeServer.daemon_threads = True
    server = TcpFakeServer((LOOPBACK, port))
    server.daemon_threads = True
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main(int(sys.argv[1]))
