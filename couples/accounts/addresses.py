"""One form for every e-mail address, before it is compared, kept or written to.

Two spellings of one mailbox would be two accounts on it, and two readings of one spelling would be
mail to somebody else: Python's mail library reads `straße.example` by the rules of 2003 and writes
to `strasse.example`. So the domain is kept as the mail servers know it (IDNA 2008, ASCII), and
before the @ there is plain ASCII or nothing.
"""

from __future__ import annotations

import re
import unicodedata

import idna
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

LONGEST = 254
"""Characters of an address that a mail server has to take (RFC 5321, 4.5.3.1.3)."""

UNSEEN = r"\u0001-\u001F\u007F-\u009F\u00AD\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF"
"""Control characters, soft hyphens, marks of direction and of no width; for PostgreSQL."""

IN_ONE_FORM = rf"^[^@{UNSEEN}]+@[a-z0-9.-]+$"
"""What the database itself holds to, whoever writes to it."""

PLAIN = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+")
"""What may stand before the @ (RFC 5322, atext and dots). Quotes would be a second spelling."""

NO_ADDRESS = _("We can't send mail to this address. Please look at it once more.")
PLAIN_ONLY = _(
    "Before the @ we can only use plain letters (a to z), digits, and signs like . or -."
)


def normal(typed: str) -> str:
    """Return the one form of an address; raises ValidationError for what is none.

    What a copy brings along at either end (spaces, marks that nobody sees) is dropped, and so is
    what IDNA ignores in a domain. Anything unseen before the @ is refused.
    """
    local, at, domain = _bare(typed).rpartition("@")
    if not (at and local):
        raise ValidationError(NO_ADDRESS, code="invalid")
    if not PLAIN.fullmatch(local):
        raise ValidationError(PLAIN_ONLY, code="invalid")
    try:
        host = idna.encode(domain.removesuffix("."), uts46=True, std3_rules=True).decode()
    except UnicodeError as error:  # what idna raises is one too
        raise ValidationError(NO_ADDRESS, code="invalid") from error
    address = f"{local}@{host}".lower()
    if len(address) > LONGEST:
        raise ValidationError(NO_ADDRESS, code="invalid")
    validate_email(address)
    return address


def readable(address: str) -> str:
    """Return an address as people write it: with the letters of its domain."""
    local, at, host = address.rpartition("@")
    try:
        return f"{local}{at}{idna.decode(host)}"
    except UnicodeError:
        return address


def _bare(typed: str) -> str:
    """Drop spaces and format characters (Unicode category Cf) at both ends."""
    first, last = 0, len(typed)
    while first < last and _unseen(typed[first]):
        first += 1
    while first < last and _unseen(typed[last - 1]):
        last -= 1
    return typed[first:last]


def _unseen(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) == "Cf"
