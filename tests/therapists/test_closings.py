"""The therapist keeps a scope closed, or ends a link, alone."""

from __future__ import annotations

import uuid

import pytest

from couples.models import Partner
from tests.conftest import ClientOf
from tests.therapists.conftest import DeskOf
from tests.therapists.factories import link_with_consent, make_therapist, open_link
from therapists.models import Closing, Scope, Therapist

PAGE = "/practice/sharing/"


def test_closing_and_opening_again_go_through_the_page(
    ana: Partner, dr_lin: Therapist, desk_of: DeskOf, client_of: ClientOf
) -> None:
    desk, link = desk_of(dr_lin), dr_lin.links.get()
    desk.post(f"/practice/links/{link.pk}/closings/", {"scope": "rhythm"})
    assert set(link.shared_now()) == {Scope.REPAIRS}
    shown = desk.get(PAGE).content.decode()
    assert shown.count("kept closed by you") == 1
    assert "closed by" not in client_of(ana).get("/us/therapist/").content.decode()
    desk.post(f"/practice/closings/{link.closings.get().pk}/withdrawal/")
    assert set(link.shared_now()) == {Scope.REPAIRS, Scope.RHYTHM}
    assert "kept closed by you" not in desk.get(PAGE).content.decode()
    # And once more: what was opened in between does not hide it.
    desk.post(f"/practice/links/{link.pk}/closings/", {"scope": "rhythm"})
    assert set(link.shared_now()) == {Scope.REPAIRS}
    assert desk.get(PAGE).content.decode().count("kept closed by you") == 1


def test_an_unknown_scope_closes_nothing_and_says_so(dr_lin: Therapist, desk_of: DeskOf) -> None:
    url = f"/practice/links/{dr_lin.links.get().pk}/closings/"
    response = desk_of(dr_lin).post(url, {"scope": "everything"}, follow=True)
    assert b"Please choose what to close." in response.content
    assert not Closing.objects.exists()


def test_the_page_is_logged_for_the_couple(
    ana: Partner, dr_lin: Therapist, desk_of: DeskOf
) -> None:
    desk_of(dr_lin).get(PAGE)
    assert ana.couple.readings.get().what == "sharing"


def test_ending_the_link_takes_the_couple_off_the_desk(dr_lin: Therapist, desk_of: DeskOf) -> None:
    desk, link = desk_of(dr_lin), dr_lin.links.get()
    desk.post(f"/practice/links/{link.pk}/ending/")
    for url in ("/practice/", PAGE):
        assert b"Ana" not in desk.get(url).content


@pytest.mark.parametrize("whose", ["another's", "nobody's", "one not accepted"])
def test_a_foreign_link_is_missing(
    whose: str, ana: Partner, others: tuple[Partner, Partner], desk_of: DeskOf
) -> None:
    lin, un = make_therapist(), make_therapist(name="Dr. Un")
    foreign = link_with_consent(un, *others)
    Closing.make(link=foreign, by=un, scope=Scope.RHYTHM)
    pk = {
        "another's": foreign.pk,
        "nobody's": uuid.uuid4(),
        "one not accepted": open_link(lin, ana).pk,
    }[whose]
    desk = desk_of(lin)
    assert desk.post(f"/practice/links/{pk}/closings/", {"scope": "manual"}).status_code == 404
    assert desk.post(f"/practice/links/{pk}/ending/").status_code == 404
    closing = Closing.objects.get()
    assert desk.post(f"/practice/closings/{closing.pk}/withdrawal/").status_code == 404
    assert Closing.objects.get().withdrawn_at is None
    assert b"Kim" not in desk.get(PAGE).content
    assert b"Ana" not in desk.get(PAGE).content
