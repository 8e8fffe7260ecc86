"""The word list of the cautions: what it is meant to catch, and what it lets pass."""

from __future__ import annotations

import pytest

from couples.principles.cautions import cautions
from couples.principles.shelf import SHELF

CAUGHT = {
    "whereabouts": [
        *("We share our location all day.", "We always say where we are.", "We use a tracker."),
        *("We don't go out without each other.", "We never go anywhere alone."),
        *("We are home by eleven.", "We are home before 10 at night.", "We keep a curfew."),
        *("We ask each other before we go out.", "We tell each other whenever we leave the house."),
        *("We do not stay out without asking.", "We check in every hour.", "We know where one is."),
    ],
    "passwords": [
        *("We know each other's passwords.", "We know each other's PIN.", "We share Face ID."),
        *("We share our codes.", "We unlock our phones when asked.", "We use the same passcode."),
        *("We may read each other's messages.", "We read each other’s e-mails."),
        *("We look through each other's phones.", "We share all our chats.", "We check phones."),
        *("We let each other read our messages.", "We open all our accounts to each other."),
        *("We always answer the phone at once.", "We reply to messages within five minutes."),
        *("We always pick up when the other's calls come.", "We are always reachable."),
        *("We share one mailbox.", "We know each other's phone code.", "We add our fingerprints."),
    ],
    "contacts": [
        *("We do not see friends alone.", "We block our exes.", "We never message other women."),
        *("We don't text other men.", "We talk to nobody about us.", "We never meet other people."),
        *("We see no one without asking.", "We are never alone with another man."),
        *("We don't visit our mums without each other.", "We unfollow everybody from before."),
        *("We tell no one what happens at home.", "We avoid the opposite sex at work."),
    ],
    "sex": [
        *("We have sex every week.", "We never say no to intimacy.", "We sleep with nobody else."),
        *("We make love on Sundays.", "We sleep together every week.", "We send no nudes."),
        *("We watch no porn.", "We never refuse the other in bed.", "We give physical affection."),
        *("We do anything the other likes in bed.",),
    ],
}

ORDINARY = [
    *("We say hi before anything else.", "We eat without our phones.", "We are on time."),
    *("We keep one evening a week.", "We spin no tales.", "We text when we are late."),
    *("We go to sleep together.", "We go to sleep together at ten.", "We read aloud in bed."),
    *("We check our phones only after we have said hi.", "We go out without our phones."),
    *("We show up for each other, with no phones.", "We look at each other, not at our phones."),
    *("We open up to each other, and the phones wait.", "We see to it that the phones sleep too."),
    *("We have a code word for a pause.", "We use our code word, and then we stop."),
    *("We pin our plans to the fridge.", "We share a bank account for the house."),
    *("We come back by noon.", "We come home to each other.", "We are home for each other."),
    *("We answer each other kindly.", "We answer a hurt at once.", "We text back when we can."),
    *("We do not quarrel in front of other people.", "We speak well of each other to others."),
    *("We sleep with the window open.", "We are never physically rough.", "We keep fit."),
    *("We ask before we say yes.", "We tell each other when we need a break."),
    *("We go out every Friday.", "We stay out of each other's work.", "We leave work at work."),
    *("We never go to bed without a word.", "We hold hands when it is hard."),
    *("We don't go on without each other.", "We meet halfway.", "We see the good in each other."),
]


@pytest.mark.parametrize(
    ("wording", "topic"), [(each, topic) for topic, several in CAUGHT.items() for each in several]
)
def test_a_wording_that_touches_what_is_ones_own_draws_a_caution(wording: str, topic: str) -> None:
    assert [each.topic for each in cautions(wording)] == [topic]


@pytest.mark.parametrize("wording", ORDINARY)
def test_most_wordings_draw_none(wording: str) -> None:
    assert [each.topic for each in cautions(wording)] == []


def test_nothing_on_the_shelf_draws_one() -> None:
    assert [each.key for each in SHELF if cautions(str(each.wording))] == []
