"""Our reading of message encryption against the example that RFC 8291 publishes (section 5)."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec

from tests.couples.delivery.message_encryption import CURVE, Receiver, Unreadable, from_text

BODY = from_text(
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
    "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qu"
    "lcy4a-fN"
)
PUBLIC = from_text(
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
)
PRIVATE = from_text("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")
AUTH = from_text("BTBZMqHH6r4Tts7J_aSIgg")
SALT = from_text("DGv6ra1nlYgDCS1FRnbzlw")
SENDER = from_text(
    "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
)
# Appendix A, the values on the way.
KEY, NONCE = from_text("oIhVW04MRdy2XN9CiKLxTg"), from_text("4h_95klXJ5E_qnoN")


@pytest.fixture
def receiver() -> Receiver:
    return Receiver(ec.derive_private_key(int.from_bytes(PRIVATE), CURVE), AUTH)


def test_the_published_example_opens(receiver: Receiver) -> None:
    assert receiver.public == PUBLIC
    assert receiver.read(BODY) == b"When I grow up, I want to be a watermelon"


def test_the_values_on_the_way_are_the_published_ones(receiver: Receiver) -> None:
    assert receiver._derive(SENDER, SALT) == (KEY, NONCE)


@pytest.mark.parametrize("at", [0, 30, len(BODY) - 1], ids=["salt", "sender", "tag"])
def test_a_message_that_was_changed_does_not_open(receiver: Receiver, at: int) -> None:
    changed = BODY[:at] + bytes([BODY[at] ^ 1]) + BODY[at + 1 :]
    # A changed point is hardly ever on the curve, which is a ValueError before any key is made.
    with pytest.raises((InvalidTag, ValueError)):
        receiver.read(changed)


def test_another_browser_cannot_open_it() -> None:
    with pytest.raises(InvalidTag):
        Receiver.new().read(BODY)


def test_what_is_no_message_is_refused(receiver: Receiver) -> None:
    with pytest.raises(Unreadable):
        receiver.read(BODY[:40])
