"""How often words or a call may reach the other, tried by somebody who insists."""

from __future__ import annotations

import ast
import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from couples.brakes import BRAKES, RESTS, sweep
from couples.clock import database_now
from couples.days import DAY
from couples.models import (
    Agreement,
    BrakeUse,
    Partner,
    ThirdRefused,
)
from couples.vault import SealedField
from repairs.terms import Kind
from rituals.appreciations.models import AppreciationRefused
from rituals.asks.flow import Kind as AskKind
from rituals.models import (
    Appreciation,
    Approach,
    Mark,
    MeetingWord,
    RitualRefused,
    RitualSchedule,
    add_ritual,
    leave,
)
from tests.at_once import at_once
from tests.conftest import ClientOf
from tests.conventions.trees import ROOMS
from tests.factories import (
    act,
    agree,
    fresh,
    greeting_of,
    make_couple,
    make_person,
    mark,
    name_third,
    put_ask,
    say,
    share_repair,
    write_manual,
)
from tests.insisting import (
    PUSHES,
    REFUSED,
    TOLD_BY_ITSELF,
    Push,
    appreciation,
    pushed,
    third_name,
)

ROOT = Path(settings.BASE_DIR)


# --- What holds for all of them ------------------------------------------------------------------


def test_each_brake_has_somebody_who_pushes_it() -> None:
    assert set(PUSHES) | TOLD_BY_ITSELF == set(BRAKES)


@pytest.mark.parametrize("channel", sorted(PUSHES))
def test_who_insists_comes_to_an_end_and_so_does_the_other(
    ana: Partner, ben: Partner, channel: str
) -> None:
    push = PUSHES[channel](ana)
    most, _days = BRAKES[channel].limits[0]
    assert pushed(push) <= most
    with pytest.raises(REFUSED):
        push()  # trying again helps nothing
    if not BRAKES[channel].both and channel not in {"repair_again", "question"}:
        # What one has used up takes nothing away from the other.
        assert BrakeUse.objects.filter(partner=ben, channel=channel).count() <= 1


def test_on_my_way_is_told_once_in_half_an_hour(ana: Partner) -> None:
    now = database_now()
    assert Approach.tell(by=ana, kind="on_my_way", now=now)
    Approach.objects.all().delete()  # marked, or taken back
    assert not Approach.tell(by=ana, kind="heading_out", now=now + timedelta(minutes=29))
    assert Approach.tell(by=ana, kind="on_my_way", now=now + timedelta(minutes=30))


def test_who_has_arrived_is_told_so_as_well(ana: Partner, client_of: ClientOf) -> None:
    client = client_of(ana)
    client.post("/rituals/approaches/", {"kind": "on_my_way"})
    mark(by=ana)
    page = client.post("/rituals/approaches/", {"kind": "heading_out"}, follow=True)
    assert "In half an hour you can say something new." in page.content.decode()


def test_there_is_a_place_again_on_the_next_day(ana: Partner) -> None:
    pushed(appreciation(ana))
    tomorrow = database_now() + DAY
    Appreciation.say("Thanks", by=ana, client_key=uuid.uuid4(), now=tomorrow)


def test_a_clock_that_is_set_back_brings_no_place_back(ana: Partner) -> None:
    pushed(appreciation(ana))
    ana.couple.day_zone = "Pacific/Pago_Pago"
    ana.couple.save(update_fields=["day_zone"])
    with pytest.raises(AppreciationRefused):
        Appreciation.say("Thanks", by=ana, client_key=uuid.uuid4())


def test_what_rests_can_come_again_later(ana: Partner, ben: Partner) -> None:
    now = database_now()
    name_third(by=ana, sort="ex", label="Sam", now=now).let_go(by=ben, now=now)
    for days in (0, 1, RESTS - 1):
        with pytest.raises(ThirdRefused):
            name_third(by=ana, sort="ex", label=" sam", now=now + days * DAY)
    assert name_third(by=ana, sort="ex", label="Sam", now=now + RESTS * DAY).pk is not None


def test_a_place_leaves_nothing_behind_once_it_is_free(ana: Partner) -> None:
    pushed(appreciation(ana))
    pushed(third_name(ana))
    assert not BrakeUse.objects.filter(partner=ana, channel="third_name").exists()
    sweep(now=database_now() + 32 * DAY)
    assert not BrakeUse.objects.exists()


def test_a_repeated_tap_is_no_second_one(ana: Partner) -> None:
    keys = [uuid.uuid4() for _ in range(5)]
    for key in keys * 3:
        Appreciation.say("Thanks", by=ana, client_key=key)
    assert ana.appreciations.count() == 5


# --- What no brake may hold up -------------------------------------------------------------------


def test_no_brake_holds_up_a_hi_made_offline_or_not(ana: Partner, client_of: ClientOf) -> None:
    greeting, now = greeting_of(ana), database_now()
    for channel in ("mark_line", "meeting_word", "appreciation"):
        pushed(PUSHES[channel](ana))
    client, today = client_of(ana), ana.couple.today(now)
    Mark.objects.all().delete()
    RitualSchedule.objects.filter(ritual=greeting).update(valid_from=today - 9 * DAY)
    kept = [
        {"day": today - number * DAY, "client_key": uuid.uuid4(), "line": "Hi"}
        for number in range(3)
    ]
    for tap in kept * 5:
        answer = client.post(f"/rituals/{greeting.pk}/marks/", tap, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert "notice-error" not in answer.content.decode()
    assert {str(each.client_key) for each in Mark.objects.standing()} == {
        str(tap["client_key"]) for tap in kept
    }


def test_no_brake_holds_up_resting_a_no_or_taking_words_back(ana: Partner, ben: Partner) -> None:
    made = share_repair(by=ana)
    kept = agree(ana, ben)
    asked = put_ask(by=ana)
    named = name_third(by=ana)
    for channel in BRAKES:
        for _ in range(60):
            BrakeUse.objects.create(
                couple=ben.couple,
                partner=ben,
                channel=channel,
                about=str(made.pk),
                day=ben.couple.today(database_now()),
                until=database_now() + DAY,
            )
    MeetingWord.say(by=ben, words="")
    act(made, by=ben, kind=Kind.REST)
    say(asked, by=ben, kind=AskKind.RATHER_NOT)
    say(asked, by=ana, kind=AskKind.LET_GO)
    mine = write_manual(by=ben, text="Mine", sharing="private")
    mine.rewrite(by=ben, text="Still mine", sharing="private", revision=1)
    kept.withdraw(by=ben)
    named.let_go(by=ben)


# --- It cannot be felt out -----------------------------------------------------------------------


@pytest.mark.parametrize("answers", ["none", "leaves"])
def test_a_brake_is_the_same_whatever_the_other_did(
    ana: Partner, ben: Partner, answers: str
) -> None:
    went = 0
    for number in range(9):
        try:
            made = add_ritual(by=ana, kind="own", name=f"Why {number}?", weekdays=127)
        except RitualRefused:
            break
        went += 1
        if answers == "leaves":
            leave(made, by=ben)
    assert went == BRAKES["ritual"].limits[0][0]


# --- At each door, and at once -------------------------------------------------------------------


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize(
    ("channel", "url", "posted"),
    [
        ("appreciation", "/appreciations/", {"words": "Where were you?"}),
        ("meeting_word", "/rituals/meeting/", {"words": "Where were you?"}),
        ("matter", "/asks/matters/", {"words": "Where were you?"}),
        ("name", "/me/", {"name": "Where were you?", "time_zone": "Europe/Berlin"}),
        (
            "principle",
            "/us/principles/new/",
            {"wording": "We say where we were.", "area": "privacy"},
        ),
        (
            "ritual",
            "/rituals/new/",
            {"kind": "own", "name": "Where were you?", "weekdays": ["0"]},
        ),
        ("question", "/asks/new/", {"what": "Where were you?"}),
    ],
)
def test_at_each_door_it_is_said_kindly_and_the_words_are_kept(
    ana: Partner, client_of: ClientOf, channel: str, url: str, posted: dict[str, str], htmx: bool
) -> None:
    pushed(PUSHES[channel](ana))
    headers = {"HX-Request": "true"} if htmx else {}
    posted = {**posted, "client_key": str(uuid.uuid4())}
    answer = client_of(ana).post(url, posted, headers=headers)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Your words are kept here." in page
    typed = next(posted[name] for name in ("words", "wording", "name", "what") if name in posted)
    assert typed in page


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("channel", ["appreciation", "ritual", "repair_part", "principle"])
def test_two_phones_at_once_do_not_both_take_the_last_place(channel: str) -> None:
    ana, _ben = make_couple(first=make_person(name="Ana"), second=make_person(name="Ben"))
    most, _days = BRAKES[channel].limits[0]
    push = PUSHES[channel](ana)
    for _ in range(most - 1):
        push()
    results = at_once(*(_with_words_of_its_own(channel, fresh(ana)) for _ in range(4)))
    assert sum(not isinstance(each, Exception) for each in results) == 1
    assert all(isinstance(each, REFUSED) for each in results if isinstance(each, Exception))


def _with_words_of_its_own(channel: str, by: Partner) -> Push:
    key = uuid.uuid4()
    if channel == "ritual":
        return lambda: add_ritual(by=by, kind="own", name=str(key), weekdays=127)
    if channel == "principle":
        wording = f"We are {key}."
        return lambda: Agreement.propose(by=by, area="first", wording=wording, client_key=key)
    return PUSHES[channel](by)


# --- Nothing is left out -------------------------------------------------------------------------


def test_every_verb_that_tells_the_other_stands_in_the_table() -> None:
    missing = set(_tellers()) - set(_table())
    assert not missing, f"no brake, and no reason for none, in docs/brakes.md: {sorted(missing)}"


def test_all_words_that_the_other_may_read_stand_in_the_table() -> None:
    known = "\n".join(_table())
    models = {
        model.__name__
        for model in apps.get_models()
        if any(isinstance(field, SealedField) for field in model._meta.get_fields())
    }
    assert not {each for each in models if f".{each}" not in known}


def test_the_table_names_each_brake_and_nothing_that_is_gone() -> None:
    text = (ROOT / "docs/brakes.md").read_text()
    named = set(re.findall(r"`([a-z_]+)` \(", text))
    assert named == set(BRAKES)
    for path in _table():
        assert _exists(path), path


def _table() -> list[str]:
    """Return the verbs in the first column of docs/brakes.md."""
    rows = (ROOT / "docs/brakes.md").read_text().splitlines()
    cells = [row.split("|")[1] for row in rows if row.startswith("| `")]
    return [path for cell in cells for path in re.findall(r"`([\w.]+)`", cell)]


def _tellers() -> Iterator[str]:
    """Yield each function that publishes, by its dotted path."""
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            if "migrations" in file.parts or "live" in file.parts:
                continue
            module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
            yield from _publishing(ast.parse(file.read_text()), module)


def _publishing(tree: ast.AST, path: str) -> Iterator[str]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield from _publishing(node, f"{path}.{node.name}")
        elif any(
            isinstance(each, ast.Call) and getattr(each.func, "attr", "") == "publish"
            for each in ast.walk(node)
        ):
            yield path


def _exists(path: str) -> bool:
    """True when a dotted path leads to a function or a class of ours."""
    module, *names = path.rsplit(".", 2 if path.split(".")[-2][0].isupper() else 1)
    there: object = import_module(module)
    for each in names:
        there = getattr(there, each, None)
    return there is not None
