"""Hidden words beside the pages of a repair: on the live line, in the log, before a therapist."""

from __future__ import annotations

import logging
import uuid

import pytest
from django.test import override_settings

from couples.models import Partner
from repairs.models import Repair
from tests.conftest import ClientOf
from tests.factories import make_couple, make_person, share_repair
from tests.repairs.test_hidden_words import ECHO, HURT, NEXT, OPENING, PART, hear, settle
from tests.therapists.factories import consent, link_with_consent, make_therapist
from therapists.models import Scope


@pytest.fixture
def invited(ana: Partner, ben: Partner) -> Repair:
    return share_repair(by=ana, happened=OPENING)


@pytest.mark.django_db(transaction=True)
def test_no_words_are_on_the_live_line_or_in_the_log(
    client_of: ClientOf, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ana, ben = make_couple(first=make_person(name="Ana"), second=make_person(name="Ben"))
    told: list[str] = []
    monkeypatch.setattr("couples.live.publisher._say", lambda events: told.append(repr(events)))
    browser = client_of(ana)
    with caplog.at_level(logging.DEBUG):
        repair = share_repair(by=ana, happened=OPENING)
        settle(repair, ana, ben)
        url = f"/repairs/{repair.pk}/"
        for noun, kind, words in (
            ("hurts", "hurt", HURT),
            ("hurts", "hurt", HURT),  # refused the second time, with the words shown back
            ("parts", "part", PART),
            ("unsaid", "unsay", ""),
        ):
            posted = {"kind": kind, "words": words, "next_time": NEXT, "said": ""}
            browser.post(f"{url}{noun}/", {**posted, "client_key": str(uuid.uuid4())})
    assert told
    for words in (OPENING, HURT, PART, NEXT, "Ana", "Ben"):
        assert not any(words in each for each in told)
    for words in (OPENING, HURT, PART, NEXT):
        assert words not in caplog.text


def test_a_therapist_who_sees_when_sees_no_words(
    invited: Repair, ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    settle(invited, ana, ben)
    hear(invited, ana, ben)
    lin = make_therapist(name="Dr. Lin")
    link = link_with_consent(lin, ana, ben)
    for each in (ana, ben):
        consent(link, each, tuple(Scope))
    browser = client_of(lin.person)
    with override_settings(DEMO=True):  # no second factor here
        couple = f"/practice/couples/{link.pk}/"
        assert browser.get(couple).status_code == 200
        pages = ("/practice/", couple, "/practice/sharing/", f"/repairs/{invited.pk}/")
        seen = b"".join(browser.get(page, follow=True).content for page in pages)
    assert b"Ana" in seen
    for words in (OPENING, HURT, ECHO):
        assert words.encode() not in seen
