"""The pages of what can come between."""

from __future__ import annotations

import re
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from couples.clock import database_now
from couples.models import Couple, Partner, Third, ThirdMoment
from couples.paging import SIZE
from couples.thirds.models.third import MOST
from tests.conftest import ClientOf
from tests.factories import agree, came_first, fresh, make_person, name_third

HTMX = {"HX-Request": "true"}
LIST = "/us/thirds/"
NEW = f"{LIST}new/"
GONE = f"{LIST}let-go/"


def text(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def main(client: Client, url: str) -> str:
    return text(client, url).split("<main")[1].split("<footer")[0]


def url_of(third: Third) -> str:
    return f"{LIST}{third.pk}/"


def typed(**fields: str) -> dict[str, str]:
    return {"sort": "work", "person": "no", "client_key": str(uuid.uuid4()), **fields}


def tap(partner: Partner, came: str, was: str = "") -> dict[str, str]:
    today = partner.couple.today(database_now())
    return {"came": came, "was": was, "day": today.isoformat()}


# --- Naming --------------------------------------------------------------------------------------


def test_the_page_says_first_that_friends_and_family_are_good(
    ana: Partner, client_of: ClientOf
) -> None:
    for url in (LIST, NEW):
        assert "Friends and family are good for a couple" in main(client_of(ana), url)[:400]


def test_a_thing_is_a_third_when_either_names_it(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    answer = client_of(ana).post(NEW, typed(label="The late shift"))
    assert answer.status_code == 302
    for reader in (ana, ben):
        assert "The late shift" in text(client_of(reader), LIST)
        assert "This came first" in text(client_of(reader), answer.headers["Location"])


def test_without_a_name_of_its_own_it_is_called_by_its_sort(
    ana: Partner, client_of: ClientOf
) -> None:
    client_of(ana).post(NEW, typed(sort="screens"))
    assert Third.objects.get().name == "Screens"


def test_a_person_waits_until_both_agree(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    page = client_of(ana).post(NEW, typed(label="Toni", person="yes")).headers["Location"]
    third = Third.objects.get()
    for reader in (ana, ben):
        assert "This came first" not in text(client_of(reader), page)
        assert client_of(reader).post(f"{page}moments/", tap(reader, "this")).status_code == 422
    assert "Ana asks whether Toni can come between you two." in text(client_of(ben), page)
    assert "Only you see this." in text(client_of(ben), page)
    assert "Only you see this." not in text(client_of(ana), page)
    assert "I agree" not in text(client_of(ana), page)
    assert client_of(ana).post(f"{page}agreements/").status_code == 422
    assert not Third.objects.in_force().exists()
    assert client_of(ben).post(f"{page}agreements/").status_code == 302
    assert "This came first" in text(client_of(ana), page)
    assert third in ana.couple.thirds.in_force()


@pytest.mark.parametrize("sort", ["ex", "parents", "friends"])
def test_an_ex_parents_and_friends_are_people_whatever_is_sent(
    ana: Partner, client_of: ClientOf, sort: str
) -> None:
    assert "Is this about a person?" not in text(client_of(ana), f"{NEW}?sort={sort}")
    client_of(ana).post(NEW, typed(sort=sort, person="no"))
    assert not Third.objects.in_force().exists()
    assert Third.objects.proposed().count() == 1


def test_whether_it_is_a_person_is_asked_of_everything_else(
    ana: Partner, client_of: ClientOf
) -> None:
    hers = client_of(ana)
    assert 'value="no" ' in text(hers, f"{NEW}?sort=work").split("Is this about a person?")[1]
    assert "checked" in text(hers, f"{NEW}?sort=work")
    assert "checked" not in text(hers, f"{NEW}?sort=other")
    answer = hers.post(NEW, {"sort": "other", "label": "The choir", "client_key": uuid.uuid4()})
    assert answer.status_code == 422
    assert "Please say whether it is about a person." in answer.content.decode()
    assert "The choir" in answer.content.decode()


@pytest.mark.parametrize("sort", ["", "nonsense"])
def test_naming_without_a_sort_keeps_what_was_typed(
    ana: Partner, client_of: ClientOf, sort: str
) -> None:
    answer = client_of(ana).post(NEW, typed(sort=sort, label="The choir"))
    assert answer.status_code == 422
    assert "Please choose what it is about." in answer.content.decode()
    assert "The choir" in answer.content.decode()


@pytest.mark.usefixtures("much_at_once")
def test_one_name_once_and_twelve_at_most(ana: Partner, ben: Partner, client_of: ClientOf) -> None:
    name_third(by=ana, label="The choir")
    again = client_of(ben).post(NEW, typed(label="the CHOIR"))
    assert again.status_code == 422
    assert "You two have named this one already." in again.content.decode()
    for number in range(MOST - 1):
        name_third(by=ben, label=f"Number {number}")
    full = client_of(ana).post(NEW, typed(label="One more"))
    assert full.status_code == 422
    assert "One more" in full.content.decode()
    assert Third.objects.count() == MOST


def test_a_repeated_tap_names_it_once(ana: Partner, client_of: ClientOf) -> None:
    same = typed(label="The choir")
    pages = {client_of(ana).post(NEW, same).headers["Location"] for _tap in range(3)}
    assert len(pages) == 1
    assert Third.objects.count() == 1


def test_somebody_who_is_alone_can_name_and_take_back(db: None, client_of: ClientOf) -> None:
    alone = fresh(Couple.start(by=make_person(name="Ida"), day_zone="UTC"))
    hers = client_of(alone)
    page = hers.post(NEW, typed(sort="parents")).headers["Location"]
    assert "once both of you agree" in text(hers, page)
    assert hers.post(f"{page}endings/").status_code == 302


# --- Letting go ----------------------------------------------------------------------------------


def test_a_refusal_reads_like_anything_that_was_taken_back(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    refused = name_third(by=ana, sort="friends", label="Somebody", person=True)
    taken_back = name_third(by=ana, sort="friends", label="Somebody else", person=True)
    for third, by in ((refused, ben), (taken_back, ana)):
        assert client_of(by).post(f"{url_of(third)}endings/").status_code == 302
    pages = set()
    for reader in (ana, ben):
        for third in (refused, taken_back):
            pages.add(main(client_of(reader), url_of(third)).replace(str(third.pk), ""))
        assert "Nothing here" in main(client_of(reader), GONE)
    assert len(pages) == 1
    assert "Ana" not in pages.copy().pop()
    assert "Somebody" not in pages.pop()
    rows = Third.objects.values_list(
        *("named_by", "agreed_by", "since", "stage", "is_person", "closed_on", "was_in_force"),
        "label",
    )
    assert len({tuple(row) for row in rows}) == 1


@pytest.mark.parametrize("by_whom", [0, 1])
def test_a_person_who_was_never_agreed_on_leaves_no_trace(
    ana: Partner, ben: Partner, client_of: ClientOf, by_whom: int
) -> None:
    third = name_third(by=ana, sort="friends", label="Toni", person=True)
    third.let_go(by=(ana, ben)[by_whom])
    assert Third.objects.get().label is None
    for reader in (ana, ben):
        for page in (LIST, GONE, url_of(third), "/us/", "/"):
            assert "Toni" not in text(client_of(reader), page)


def test_what_was_in_force_once_is_kept_among_what_we_let_go(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    person = name_third(by=ana, label="Toni", person=True)
    person.agree(by=ben)
    thing = name_third(by=ben, label="The late shift")
    came_first(person, by=ben)
    for third, by in ((person, ana), (thing, ana)):
        assert client_of(by).post(f"{url_of(third)}endings/").status_code == 302
    for reader in (ana, ben):
        gone = main(client_of(reader), GONE)
        assert "Toni" in gone
        assert "The late shift" in gone
        assert "Ana" not in gone
        assert "Toni" not in text(client_of(reader), LIST)
    assert not ThirdMoment.objects.exists()


def test_the_database_keeps_no_name_of_a_person_never_agreed_on(ana: Partner) -> None:
    third = name_third(by=ana, label="Toni", person=True)
    columns = {"stage": "let_go", "named_by": None, "closed_on": "2026-11-02"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Third.objects.filter(pk=third.pk).update(**columns)


def test_letting_go_twice_and_agreeing_late_are_answered_kindly(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    third = name_third(by=ana, label="Toni", person=True)
    for _tap in range(2):
        assert client_of(ana).post(f"{url_of(third)}endings/").status_code == 302
    late = client_of(ben).post(f"{url_of(third)}agreements/", headers=HTMX)
    assert late.status_code == 422
    assert "Things have moved on" in late.content.decode()
    assert "Ana" not in late.content.decode()
    third.refresh_from_db()
    assert third.stage == "let_go"


@pytest.mark.usefixtures("much_at_once")
def test_what_was_let_go_comes_in_pages(ana: Partner, client_of: ClientOf) -> None:
    for number in range(SIZE + 1):
        name_third(by=ana, label=f"Number {number:02}").let_go(by=ana)
    first = text(client_of(ana), GONE)
    after = first.split("?after=")[1].split('"')[0]
    second = text(client_of(ana), f"{GONE}?after={after}")
    assert first.count("Number") + second.count("Number") == SIZE + 1
    assert "?after=" not in second


# --- The principle about it ----------------------------------------------------------------------


def keep(client: Client, third: Third) -> None:
    """Open the page and tap "Keep this one" on whatever the form shows as chosen."""
    choosing = text(client, url_of(third)).split('id="choosing-')[1].split("</details>")[0]
    chosen = re.findall(r'<option value="([^"]*)" selected', choosing)
    posted = {"principle": chosen[0] if chosen else ""}
    assert client.post(f"{url_of(third)}principles/", posted).status_code == 302


def test_keeping_the_choice_keeps_a_principle_that_is_not_in_force_just_now(
    ana: Partner, ben: Partner, client_of: ClientOf
) -> None:
    third = name_third(by=ana)
    version = agree(ana, ben, wording="We leave work at work.")
    other = agree(ana, ben, wording="We eat at seven.")
    third.keep_principle(version.agreement, by=ana)
    version.withdraw(by=ben)
    for reader in (ana, ben):
        assert "We leave work at work. (not in force)" in text(client_of(reader), url_of(third))
        keep(client_of(reader), third)
        third.refresh_from_db()
        assert third.principle == version.agreement
    for chosen, kept in ((str(other.agreement_id), other.agreement), ("", None)):
        client_of(ana).post(f"{url_of(third)}principles/", {"principle": chosen})
        third.refresh_from_db()
        assert third.principle == kept
    # One that is not in force can be kept, not chosen.
    late = client_of(ana).post(
        f"{url_of(third)}principles/", {"principle": str(version.agreement_id)}
    )
    assert late.status_code == 422


@pytest.mark.usefixtures("much_at_once")
def test_keeping_the_choice_keeps_one_beyond_the_longest_list(
    ana: Partner, ben: Partner, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("couples.thirds.page.MOST_CHOICES", 2)
    third = name_third(by=ana)
    version = agree(ana, ben, wording="We leave work at work.")
    third.keep_principle(version.agreement, by=ana)
    for number in range(3):
        agree(ana, ben, wording=f"We keep number {number}.")
    keep(client_of(ana), third)
    third.refresh_from_db()
    assert third.principle == version.agreement
