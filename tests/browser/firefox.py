"""Stock Firefox for Playwright, over the protocol that both know (WebDriver BiDi).

Playwright drives a Firefox of its own build, or, by this protocol, any other; but it asks each for
a command that Firefox does not have yet, and takes the refusal for the end. This program stands
between the two: it starts Firefox with the arguments that Playwright gives it, hands everything
on, and where Firefox does not know a command answers that it is done. What is missing that way
(light or dark, reduced motion) is set by preferences.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from pathlib import Path

from playwright.sync_api import Browser, Playwright
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve

from config.servers.tools import firefox as installed_firefox

LISTENS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
"""What Firefox prints, and Playwright waits for."""

PREFERENCES: dict[str, str | float | bool] = {
    "ui.prefersReducedMotion": 1,
    "layout.css.prefers-color-scheme.content-override": 1,  # light
    # Nothing leaves this machine: whatever is not the site goes to a port that nobody listens on.
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
}


def launch(playwright: Playwright, folder: Path) -> Browser:
    """Start the system's Firefox; `folder` takes the script that starts this program."""
    starter = folder / "firefox"
    starter.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {__name__} "$@"\n')
    starter.chmod(0o755)
    return playwright.firefox.launch(
        channel="moz-firefox", executable_path=starter, firefox_user_prefs=PREFERENCES
    )


async def between(here: ServerConnection, address: str) -> None:
    """Hand on what either side says, until one of them has gone."""
    assert here.request is not None
    async with connect(address + here.request.path, max_size=None) as there:

        async def commands() -> None:
            async for words in here:
                await there.send(words)

        async def answers() -> None:
            async for words in there:
                await here.send(without_refusal(words))

        sides = {asyncio.create_task(commands()), asyncio.create_task(answers())}
        _gone, left = await asyncio.wait(sides, return_when=asyncio.FIRST_COMPLETED)
        for side in left:
            side.cancel()


def without_refusal(words: str | bytes) -> str | bytes:
    """Return the answer as it is, or that it is done where the command is not known."""
    if b"unknown command" not in (words if isinstance(words, bytes) else words.encode()):
        return words
    answer = json.loads(words)
    if answer.get("error") != "unknown command":
        return words
    return json.dumps({"type": "success", "id": answer["id"], "result": {}})


async def main(arguments: list[str]) -> int:
    """Start Firefox and stand between it and whoever connects, until it ends."""
    program = installed_firefox()
    assert program, "there is no Firefox on this machine"
    process = await asyncio.create_subprocess_exec(
        program, *arguments, stderr=asyncio.subprocess.PIPE
    )
    assert process.stderr is not None
    address = ""

    async def handle(here: ServerConnection) -> None:
        await between(here, address)

    async with serve(handle, "127.0.0.1", 0, max_size=None) as server:
        port = server.sockets[0].getsockname()[1]
        async for raw in process.stderr:
            line = raw.decode(errors="replace")
            if found := LISTENS.search(line):
                address = found[1]
                line = line.replace(address, f"ws://127.0.0.1:{port}")
            sys.stderr.write(line)
            sys.stderr.flush()
    return await process.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
