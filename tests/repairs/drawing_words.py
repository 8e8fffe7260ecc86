"""The words of docs/repair-flow.md: for stages, for kinds of acts, and for who may do them."""

from __future__ import annotations

from collections.abc import Mapping

from repairs.terms import DAYS_UNTIL_HOLDS, OPEN, ROUNDS_BEFORE_CLOSE_ENOUGH, Kind, Stage

COMMAND = "python -m tests.repairs.drawing"

STAGE_WORDS: Mapping[Stage, str] = {
    Stage.INVITED: "invited",
    Stage.SETTLING: "settling",
    Stage.HURT: "what hurt",
    Stage.ECHO: "saying back",
    Stage.PART: "my part",
    Stage.RECEIVE: "taking it in",
    Stage.US: "us",
    Stage.SAFE: "safe again?",
    Stage.NOT_YET: "not yet",
    Stage.ON_THE_WAY: "on the way back",
    Stage.MENDED: "mended",
    Stage.HELD: "held",
    Stage.SENT: "a part sent alone",
}
KIND_WORDS: Mapping[Kind, str] = {
    Kind.INVITE: "invite",
    Kind.SMALL: "begin small, with my part",
    Kind.SEND: "send my part alone",
    Kind.ASK_AGAIN: "ask again",
    Kind.NOW: "begin now",
    Kind.LATER: "begin later",
    Kind.SETTLED: "settled",
    Kind.ACCOUNT: "add how I saw it",
    Kind.HURT: "say what hurt",
    Kind.NO_HURT: "nothing of mine",
    Kind.ECHO: "say back what was heard",
    Kind.THATS_IT: "that's it",
    Kind.NOT_QUITE: "not quite yet",
    Kind.CLOSE_ENOUGH: "close enough",
    Kind.PART: "name my part",
    Kind.NO_PART: "no part in this one",
    Kind.TAKE_IN: "take it in",
    Kind.NOT_THERE: "not there yet",
    Kind.US: "say what we are",
    Kind.SAFE_YES: "yes",
    Kind.SAFE_GETTING: "getting there",
    Kind.SAFE_NOT_YET: "not yet",
    Kind.AGAIN_HURT: "back to what hurt",
    Kind.AGAIN_PART: "back to my part",
    Kind.BRING: "bring it to a session",
    Kind.HOLDS_YES: "it holds",
    Kind.HOLDS_NO: "it does not, quite",
    Kind.REOPEN: "reopen",
    Kind.KEEP: "keep the words",
    Kind.LET_FADE: "let them fade",
    Kind.IN_PERSON: "done in person",
    Kind.CHANGE: "change mine",
    Kind.REST: "rest",
    Kind.BACK: "come back",
    Kind.UNSAY: "take my words back",
}
WHO: Mapping[str, str] = {
    "invitee": "the one who was invited",
    "inviter_on_a_later_day": "the one who invited, once on each later day",
    "account_unread": "who did not begin with what happened, until the other has read it",
    "unanswered": "each, once",
    "has_answered": "each who waits",
    "hears": "the one who listens",
    "judges": "the one who was listened to",
    "heard_at_length": f"the one who was listened to, after {ROUNDS_BEFORE_CLOSE_ENOUGH} rounds",
    "not_yet_in_person": "each, once",
    "somebody_is_not_there": "either, while somebody is not there yet",
    "would_bring": "each, once, where it has got stuck",
    "doubts_or_waits": f"each, from {DAYS_UNTIL_HOLDS} days later on",
    "holds_or_waits": f"each, from {DAYS_UNTIL_HOLDS} days later on; nobody else learns of it",
    "doubts": "the one who said that it does not hold",
    "not_keeping": "each",
    "keeping": "each who would keep them",
    "either": "either",
    "is_open": "each, until it is mended",
    "has_words_to_unsay": "each whose words stand",
}
"""Words for the conditions that stand in the tables, by the name of the function."""

ANYWHERE_WORDS: Mapping[Kind, str] = {
    Kind.REST: "the same stage; an answer not read yet is one's own again, until one comes back",
    Kind.UNSAY: "the same stage; both see “unsaid”, and nobody reads the words",
}

HEAD = f"""# The way back

Drawn from the table in `repairs/flow.py` by `{COMMAND}`; do not change this page by
hand. Every line was found by trying each act in each of the states that two people can reach.
"""

MIDDLE = f"""
Where both have to answer, the words of each stay hidden until both are there, and until then an
answer can be changed. Rest is not in the drawing, because it is no stage: at each of the
{len(OPEN)} open stages either may rest, whatever the reason, and comes back to the stage as it is
then. The other sees that one rests, never why. What is mended meanwhile needs no rest any more.
Once both would bring it to a session, both rest. What holds for one and what does not is told to
nobody until both say that it holds, or until one reopens it.

## The same in words
"""

TAIL = """
From every one of these states somebody has a next step, both have a way out, and "mended" can still
be reached (`tests/repairs/test_drawing.py`).
"""
