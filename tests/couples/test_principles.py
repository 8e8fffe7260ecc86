"""The pages of the principles."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from couples.clock import database_now
from couples.models import AgreementVersion, Partner, Signature
from couples.paging import SIZE
from tests.conftest import ClientOf
from tests.factories import agree, propose

HTMX = {"HX-Request": "true"}
# What differs on any page from one browser to the next.
THEIRS = re.compile(
    r'(?<=name="csrfmiddlewaretoken" value=")\w+|(?<="x-csrftoken": ")\w+|(?<=data-me=")\w+'
)
NEW = "/us/principles/new/"
LIST = "/us/principles/"


def text(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def url_of(version: AgreementVersion) -> str:
    return f"{LIST}{version.agreement_id}/"


def sign_url(version: AgreementVersion) -> str:
    return f"{LIST}wordings/{version.pk}/signatures/"


def withdraw_url(version: AgreementVersion) -> str:
    return f"{LIST}wordings/{version.pk}/withdrawals/"


def test_from_a_proposal_to_a_changed_wording(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    hers, his = client_of(ana), client_of(ben)
    typed = {"wording": "we rest on sundays", "area": "first", "client_key": str(uuid.uuid4())}
    answer = hers.post(NEW, typed)
    assert answer.status_code == 302
    page, version = answer.headers["Location"], AgreementVersion.objects.get()
    assert "We rest on sundays." in text(his, page)
    assert "Ana has signed. With your name it is in force." in text(his, page)
    assert "In force until" in his.post(sign_url(version), headers=HTMX).content.decode()
    words = {"wording": "We rest one day a week.", "client_key": str(uuid.uuid4())}
    assert his.post(f"{page}wordings/", words).status_code == 302
    both = text(hers, page)
    assert "We rest one day a week." in both
    assert "We rest on sundays." in both
    changed = AgreementVersion.objects.get(number=2)
    assert hers.post(sign_url(changed)).status_code == 302
    assert "We rest on sundays." not in text(his, page)
    past = text(his, f"{page}history/")
    assert "We rest on sundays." in past
    assert "In force since" in past


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("I say hi first.", "Let it start with “We”"),
        ("We say hi. We mean it.", "One sentence is enough."),
        ("We " + "very " * 60 + "much.", "Please make it shorter"),
        ("", "There is nothing written here yet."),
    ],
)
def test_what_is_no_principle_yet_is_answered_kindly_and_kept(
    ana: Partner, client_of: ClientOf, words: str, said: str
) -> None:
    typed = {"wording": words, "area": "first", "client_key": str(uuid.uuid4())}
    answer = client_of(ana).post(NEW, typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert words in answer.content.decode()
    assert not AgreementVersion.objects.exists()


@pytest.mark.parametrize("until", ["0001-01-01", "9999-12-31", "31.12.2026", "soon"])
def test_a_day_that_will_not_do_is_answered_and_kept(
    ana: Partner, client_of: ClientOf, until: str
) -> None:
    typed = {
        "wording": "We rest.",
        "area": "first",
        "until": until,
        "client_key": str(uuid.uuid4()),
    }
    answer = client_of(ana).post(NEW, typed)
    assert answer.status_code == 422
    assert "Please" in answer.content.decode()
    assert "We rest." in answer.content.decode()


def test_a_starter_comes_as_a_draft_that_nobody_else_sees(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    shelf = text(client_of(ana), f"{LIST}shelf/")
    assert shelf.count("?starter=") >= 15
    assert "We say hi before we say anything else." in text(client_of(ana), f"{NEW}?starter=hello")
    assert not AgreementVersion.objects.exists()


def test_the_purpose_stands_on_today_while_it_is_in_force(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    version = propose(by=ana, wording="We come first, and we come back.", area="purpose")
    assert "We come first" not in text(client_of(ben), "/")
    version.sign(by=ben)
    assert "“We come first, and we come back.”" in text(client_of(ben), "/")
    version.withdraw(by=ana)
    assert "We come first" not in text(client_of(ben), "/")


def test_a_lapse_and_a_withdrawal_read_alike(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    withdrawn, lapsed = agree(ana, ben, wording="We rest."), agree(ana, ben, wording="We rest!")
    withdrawn.withdraw(by=ana)
    past = database_now() - timedelta(days=9)
    lapsed.signatures.update(signed_at=past, lapses_on=past.date() + timedelta(days=4))
    pages = set()
    for reader in (ana, ben):
        for each in (withdrawn, lapsed):
            html = text(client_of(reader), url_of(each))
            assert "Not in force." in html
            for own in (str(each.agreement_id), str(each.pk), each.wording or ""):
                html = html.replace(own, "")
            pages.add(THEIRS.sub("", html))
    # The whole of it: words, forms and links.
    assert len(pages) == 1
    assert "/withdrawals/" not in pages.pop()
    listed = text(client_of(ben), f"{LIST}?list=not_in_force")
    assert listed.count("Not in force.") == 2


def test_the_past_names_nobody(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    version = agree(ana, ben)
    version.withdraw(by=ben)
    past = text(client_of(ana), f"{url_of(version)}history/").split("<main")[1]
    assert "In force on" in past
    assert "Ana" not in past
    assert "Ben" not in past


def test_a_caution_is_for_the_one_who_is_asked_and_for_nobody_else(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    version = propose(by=ana, wording="We always share our location.", area="privacy")
    caution = "Where you go is yours to tell or not."
    assert caution in text(client_of(ben), url_of(version))
    for url in (url_of(version), LIST, "/us/", "/"):
        assert caution not in text(client_of(ana), url)
    for url in (LIST, "/us/", "/"):
        assert caution not in text(client_of(ben), url)
    # It says its word and stands in nobody's way.
    assert client_of(ben).post(sign_url(version)).status_code == 302
    assert caution not in text(client_of(ben), url_of(version))


def test_either_takes_a_principle_out_of_force_alone(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    version = agree(ana, ben)
    answer = client_of(ben).post(withdraw_url(version), headers=HTMX)
    assert "Not in force." in answer.content.decode()
    assert client_of(ben).post(withdraw_url(version)).status_code == 302


def test_a_wording_that_was_replaced_meanwhile_is_not_signed(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    old = propose(by=ana)
    old.agreement.reword(by=ana, wording="We come back by noon.", client_key=uuid.uuid4())
    answer = client_of(ben).post(sign_url(old))
    assert answer.status_code == 422
    assert "Things have moved on" in answer.content.decode()
    assert "We come back by noon." in answer.content.decode()
    assert not Signature.objects.filter(partner=ben).exists()


def test_signing_again_before_it_lapses(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    version = agree(ana, ben)
    later = database_now().date() + timedelta(days=200)
    field = f"v{version.number}-until"
    assert client_of(ana).post(sign_url(version), {field: "soon"}).status_code == 422
    assert client_of(ana).post(sign_url(version), {field: later.isoformat()}).status_code == 302
    assert "Ana has signed again" in text(client_of(ben), url_of(version))
    assert client_of(ben).post(sign_url(version)).status_code == 302
    names = Signature.objects.filter(ended_at=None)
    assert set(names.values_list("lapses_on", flat=True)) == {later}


@pytest.mark.usefixtures("much_at_once")
@pytest.mark.parametrize("many", [1, 25])
def test_the_list_asks_the_same_queries_however_many_there_are(
    ana: Partner,
    ben: Partner,
    client_of: ClientOf,
    django_assert_num_queries: DjangoAssertNumQueries,
    many: int,
) -> None:
    versions = [agree(ana, ben, wording=f"We keep {each}.") for each in range(many)]
    propose(by=ben)
    client = client_of(ana)
    with django_assert_num_queries(6):  # session, who has arrived; each list with its names
        client.get(LIST)
    with django_assert_num_queries(5):  # one wording and its names
        client.get(url_of(versions[0]))


@pytest.mark.usefixtures("much_at_once")
def test_the_list_goes_on_where_it_stopped(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    for each in range(SIZE + 3):
        agree(ana, ben, wording=f"We keep {each}.")
    client = client_of(ana)
    first = client.get(LIST).context["parts"][1]
    rest = client.get(f"{LIST}?list=in_force&after={first['after']}").context["parts"][0]
    assert (len(first["rows"]), len(rest["rows"]), rest["after"]) == (SIZE, 3, "")
    assert not {it.words for it in first["rows"]} & {it.words for it in rest["rows"]}


@pytest.mark.parametrize("cursor", ["nothing", "00000000-0000-0000-0000-000000000000"])
def test_a_cursor_that_names_nothing_begins_anew(
    ana: Partner, ben: Partner, client_of: ClientOf, cursor: str
) -> None:
    agree(ana, ben, wording="We keep this.")
    assert "We keep this." in text(client_of(ana), f"{LIST}?list=in_force&after={cursor}")
