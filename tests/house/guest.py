"""Somebody who signs in to a running copy over http, without a browser."""

import http.cookiejar
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from http.client import HTTPResponse

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
LINK = re.compile(r'<form[^>]*action="(/rituals/[^"]*marks/)"')
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


class Guest:
    """One person with cookies of their own."""

    def __init__(self, port: int) -> None:
        self._at = f"http://localhost:{port}"
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(cookies)

    def open(self, path: str, **posted: str) -> HTTPResponse:
        """Return the answer to a GET, or to a POST when there is something to post."""
        body = urllib.parse.urlencode(posted).encode() if posted else None
        asked = urllib.request.Request(  # noqa: S310 - our own copy on the loopback address
            self._at + path, body, headers={"Referer": self._at + path}
        )
        return self._opener.open(asked, timeout=20)  # type: ignore[no-any-return]

    def page(self, path: str) -> str:
        """Return the HTML of a page, after whatever redirects."""
        with self.open(path) as answer:
            return answer.read().decode()

    def sign_in(self, address: str, password: str) -> str:
        """Sign in with a password, and return the page that follows."""
        token = _found(TOKEN, self.page("/accounts/login/"))
        posted = {"csrfmiddlewaretoken": token, "login": address, "password": password}
        with self.open("/accounts/login/", **posted) as answer:
            return answer.read().decode()

    def ask_for_a_code(self, address: str) -> None:
        """Have a code for signing in sent to an address."""
        token = _found(TOKEN, self.page("/accounts/login/code/"))
        self.open("/accounts/login/code/", csrfmiddlewaretoken=token, email=address).close()

    def say_hi(self) -> None:
        """Tap the first ritual of Today that can be marked."""
        page = self.page("/")
        form = page[page.index(_found(LINK, page)) :].split("</form>")[0]
        self.open(_found(LINK, page), **dict(HIDDEN.findall(form))).close()

    def listen(self) -> HTTPResponse:
        """Open the live line, and return it once it has said hello."""
        stream = self.open("/live/")
        hears(stream, "event: hello")
        return stream


def hears(stream: HTTPResponse, line: str, *, within: float = 30) -> None:
    """Read a stream until it says this line."""
    ends = time.monotonic() + within
    while time.monotonic() < ends:
        if stream.readline().decode().strip() == line:
            return
    raise AssertionError(f"the stream did not say {line!r}")


def _found(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    assert found, page
    return found[1]
