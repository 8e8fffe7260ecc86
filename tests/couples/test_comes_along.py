"""Whoever waited alone takes their own words along into the couple they join."""

from __future__ import annotations

import pytest

from couples.models import Couple, Invitation, Partner, Person
from repairs.models import Repair
from rituals.models import Topic
from tests.at_once import at_once, refused
from tests.conftest import ClientOf
from tests.factories import fresh, make_person, mark, name_third, write_manual

TOPIC = "The summer with your parents"
HURT = "You left while I was talking."
HELPS = "A glass of water."
ENDS = "The account you began alone ends here"


@pytest.fixture
def ida(db: None) -> Partner:
    """Somebody who waits alone, and has drafted something meanwhile."""
    return fresh(Couple.start(by=make_person(name="Ida"), day_zone="UTC"))


def link_of(name: str) -> Invitation:
    """Return the link of somebody else who has begun alone."""
    starter = fresh(Couple.start(by=make_person(name=name), day_zone="UTC"))
    return Invitation.make(by=starter)


def drafted(by: Partner) -> tuple[Topic, Repair]:
    return (
        Topic.draft(by=by, about="plan", words=TOPIC),
        Repair.draft(by=by, door="i_was_hurt", happened=HURT, how_much=4),
    )


def test_drafts_come_along_and_their_words_open(ida: Partner, client_of: ClientOf) -> None:
    topic, repair = drafted(ida)
    write_manual(by=ida, question="helps", text=HELPS)
    link = link_of("Noa")
    hers = client_of(ida)
    assert hers.post(f"/join/{link.token}/").status_code == 302
    for page in (f"/topics/{topic.pk}/draft/", "/topics/"):
        assert TOPIC in hers.get(page).content.decode()
    assert HURT in hers.get(f"/repairs/{repair.pk}/draft/").content.decode()
    assert HELPS in hers.get("/me/manual/").content.decode() + "".join(
        hers.get(f"/me/manual/{each.pk}/").content.decode() for each in ida.person.manual.all()
    )
    place = Partner.objects.live().get(person=ida.person_id)
    assert place.couple_id == link.couple_id
    found = Topic.objects.get(), Repair.objects.get()
    assert [each.author_id for each in found] == [place.pk, place.pk]
    assert (found[0].words, found[1].happened, found[1].how_much) == (TOPIC, HURT, "4")


def test_what_came_along_is_still_a_draft_that_the_other_never_reads(
    ida: Partner, client_of: ClientOf
) -> None:
    drafted(ida)
    link = link_of("Noa")
    link.accept(by=ida.person)
    his = client_of(link.inviter)
    for page in ("/", "/us/", "/topics/", "/repairs/"):
        read = his.get(page).content.decode()
        assert TOPIC not in read
        assert HURT not in read


def test_a_draft_about_a_third_comes_along_without_it(ida: Partner) -> None:
    third = name_third(by=ida, label="The late shift")
    Topic.draft(by=ida, about="plan", words=TOPIC, third=third)
    place = link_of("Noa").accept(by=ida.person)
    assert Topic.objects.get().about_third is None
    assert not place.couple.thirds.exists()


def test_drafts_of_a_couple_that_ended_before_stay_there(ana: Partner, ben: Partner) -> None:
    topic, repair = drafted(ana)
    ana.couple.end()
    place = link_of("Noa").accept(by=ana.person)
    topic.refresh_from_db()
    repair.refresh_from_db()
    assert {topic.couple_id, repair.couple_id} == {ana.couple_id}
    assert not place.couple.topics.exists()


def test_the_page_says_before_what_comes_along(ida: Partner, client_of: ClientOf) -> None:
    mark(by=ida)
    page = client_of(ida).get(f"/join/{link_of('Noa').token}/").content.decode()
    assert ENDS in page
    assert "Your manual and your drafts come along" in page
    assert "Your marks stay behind" in page


def test_nobody_else_reads_of_an_account_that_ends(
    ana: Partner, cleo: Person, ida: Partner, client_of: ClientOf
) -> None:
    link = link_of("Noa")
    for who in (cleo, ana, link.inviter):
        assert ENDS not in client_of(who).get(f"/join/{link.token}/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_links_at_once_carry_each_draft_to_the_one_couple_that_was_joined() -> None:
    ida = fresh(Couple.start(by=make_person(name="Ida"), day_zone="UTC"))
    drafted(ida)
    links = [Invitation.objects.get(pk=link_of(name).pk) for name in ("Noa", "Mia")]
    results = at_once(*(lambda each=each: each.accept(by=ida.person) for each in links))
    assert len(refused(results)) == 1
    place = Partner.objects.live().get(person=ida.person_id)
    assert Topic.objects.get().author_id == Repair.objects.get().author_id == place.pk
