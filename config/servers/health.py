"""Ask the server in this container how it is: `python -m config.servers.health /readyz`.

It is asked by the name the world uses (BASE_URL), as other names are refused. The live stream
asks a stranger to sign in, which is an answer too: only silence and 5xx are illness.
"""

import http.client
import os
import sys
from urllib.parse import urlsplit


def is_well(port: int, path: str, base_url: str) -> bool:
    """Say whether the server on this machine answers below 500 within five seconds."""
    base = urlsplit(base_url)
    headers = {"Host": base.netloc, "X-Forwarded-Proto": base.scheme}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path, headers=headers)
        return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    well = is_well(int(os.environ["GRANIAN_PORT"]), sys.argv[1], os.environ["BASE_URL"])
    sys.exit(0 if well else 1)
