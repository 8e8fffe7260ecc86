"""What an error after handing a mail over says about whether it went out."""

from __future__ import annotations

import enum
import smtplib


class Certainty(enum.Enum):
    """What is certain after an error."""

    NOT_NOW = enum.auto()  # refused for the moment (RFC 5321 4.2.1: 4yz)
    NEVER = enum.auto()  # refused for good
    UNKNOWN = enum.auto()  # no answer: it may have gone out


def certainty(error: Exception) -> Certainty:
    """Say what is certain about a mail whose handing over raised `error`."""
    if isinstance(error, ValueError | smtplib.SMTPNotSupportedError):
        return Certainty.NEVER  # the address cannot be written down as SMTP wants it
    match (_code(error) or 0) // 100:
        case 4:
            return Certainty.NOT_NOW
        case 5:
            return Certainty.NEVER
        case _:
            return Certainty.UNKNOWN


def reason(error: Exception) -> str:
    """Return a short reason for the operator: a kind and a code, never the server's words.

    Servers like to repeat the address in their answers.
    """
    code = _code(error)
    return type(error).__name__ if code is None else f"{type(error).__name__} {code}"


def _code(error: Exception) -> int | None:
    """Return the server's answer, or None when there was none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return min((code for code, _words in error.recipients.values()), default=None)
    if isinstance(error, smtplib.SMTPResponseException):
        return int(error.smtp_code)
    return None
