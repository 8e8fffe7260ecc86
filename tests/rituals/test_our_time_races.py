"""Two phones in the same instant: one meeting, one step on, every decision kept."""

from __future__ import annotations

import uuid

import pytest

from couples.models import Partner
from rituals.meetings.flow import Kind
from rituals.models import Decision, Meeting, MeetingItem
from tests.at_once import at_once, refused
from tests.factories import begin_meeting, fresh, make_couple, make_person, raise_topic

pytestmark = pytest.mark.django_db(transaction=True)

Two = tuple[Partner, Partner]


@pytest.fixture
def two() -> Two:
    return make_couple(first=make_person(name="Ana"), second=make_person(name="Ben"))


def as_it_is(meeting: Meeting) -> Meeting:
    """Return the meeting as the next request would find it."""
    return Meeting.objects.get(pk=meeting.pk)


@pytest.mark.parametrize("_again", range(3))
def test_both_begin_at_once_and_there_is_one_meeting(two: Two, _again: int) -> None:
    results = at_once(*(lambda who=who: begin_meeting(by=fresh(who)) for who in two))
    assert not refused(results)
    assert Meeting.objects.count() == 1
    assert MeetingItem.objects.count() == 2


@pytest.mark.parametrize("_again", range(3))
def test_both_tap_next_at_once_and_they_move_on_once(two: Two, _again: int) -> None:
    raise_topic(by=two[0])
    meeting = begin_meeting(by=two[0])
    results = at_once(
        *(
            lambda who=who: as_it_is(meeting).move(Kind.NEXT, by=fresh(who), answers=0)
            for who in two
        )
    )
    assert not refused(results)
    found = as_it_is(meeting)
    assert (found.at, found.step) == (1, 1)


@pytest.mark.parametrize("_again", range(3))
def test_one_keeps_a_decision_while_the_other_ends_it_and_it_is_kept(two: Two, _again: int) -> None:
    meeting = begin_meeting(by=two[0])
    item = meeting.items.select_related("meeting").latest("position")
    results = at_once(
        lambda: Decision.keep("Bread", item=item, by=fresh(two[0]), client_key=uuid.uuid4()),
        lambda: as_it_is(meeting).move(Kind.END, by=fresh(two[1])),
    )
    assert not refused(results)
    assert Decision.objects.filter(words__isnull=False).count() == 1
    assert as_it_is(meeting).ended_on


def test_both_take_one_decision_back_at_once(two: Two) -> None:
    item = begin_meeting(by=two[0]).items.select_related("meeting").latest("position")
    key = uuid.uuid4()
    Decision.keep("Bread", item=item, by=two[0], client_key=key)
    results = at_once(
        *(lambda who=who: Decision.objects.get().strike(by=fresh(who)) for who in two)
    )
    assert not refused(results)
    assert Decision.objects.get().struck_on
