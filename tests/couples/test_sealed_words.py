"""Sealed words: nothing opens out of its place, and nothing is written or searched past them."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models
from django.db.models import F
from pytest_django import Settings

from couples.models import Key, Partner, Person
from couples.operator.site import site
from couples.vault import Sealed, SealedField, VaultError
from repairs.models import Repair, RepairAct
from rituals.models import Mark
from tests.couples.test_vault import master
from tests.factories import (
    fresh,
    make_person,
    mark,
)
from tests.therapists.factories import make_therapist

# --- Moved -----------------------------------------------------------------------------------


def blob(model: type[models.Model], pk: uuid.UUID, column: str) -> bytes:
    """Return what stands in a column."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM "{table}" WHERE id = %s', [pk])  # noqa: S608
        return bytes(cursor.fetchone()[0])


def put(model: type[models.Model], pk: uuid.UUID, column: str, value: bytes) -> None:
    """Write into a column past everything, as somebody with the database could."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{table}" SET "{column}" = %s WHERE id = %s', [value, pk])  # noqa: S608


def draft(by: Partner, happened: str) -> Repair:
    return Repair.draft(by=by, door="i_was_hurt", happened=happened, how_much=3)


def test_words_moved_to_another_row_do_not_open(ana: Partner) -> None:
    one, two = draft(ana, "one"), draft(ana, "two")
    put(Repair, two.pk, "happened", blob(Repair, one.pk, "happened"))
    moved = Repair.objects.get(pk=two.pk)
    with pytest.raises(VaultError):
        _ = moved.happened
    assert Repair.objects.get(pk=one.pk).happened == "one"


def test_words_moved_to_another_column_do_not_open(ana: Partner) -> None:
    one = draft(ana, "one")
    put(Repair, one.pk, "how_much", blob(Repair, one.pk, "happened"))
    with pytest.raises(VaultError):
        _ = Repair.objects.get(pk=one.pk).how_much


def test_words_given_to_another_author_do_not_open(ana: Partner, ben: Partner) -> None:
    one = draft(ana, "one")
    draft(ben, "so that ben has a key")
    Repair.objects.filter(pk=one.pk).update(author=ben)
    with pytest.raises(VaultError):
        _ = Repair.objects.get(pk=one.pk).happened


def test_a_name_moved_to_another_person_does_not_open(ana: Partner, ben: Partner) -> None:
    put(Person, ben.person.pk, "name", blob(Person, ana.person.pk, "name"))
    with pytest.raises(VaultError):
        _ = Person.objects.get(pk=ben.person.pk).name


def test_a_key_moved_to_another_person_opens_nothing(ana: Partner, ben: Partner) -> None:
    theirs = Key.objects.get(person=ana.person)
    Key.objects.filter(person=ben.person).update(wrapped=theirs.wrapped)
    with pytest.raises(VaultError):
        _ = Person.objects.get(pk=ben.person.pk).name


# --- Destroyed -------------------------------------------------------------------------------


def test_words_of_a_destroyed_key_are_gone_and_nothing_new_is_written(ana: Partner) -> None:
    one = draft(ana, "one")
    Key.objects.filter(person=ana.person).update(wrapped=None)
    gone = Repair.objects.get(pk=one.pk)
    assert gone.happened is None
    assert Person.objects.get(pk=ana.person.pk).name is None
    with pytest.raises(VaultError):
        draft(fresh(ana), "more")


def test_the_others_words_stay_when_one_key_is_destroyed(ana: Partner, ben: Partner) -> None:
    theirs = draft(ben, "theirs")
    Key.objects.filter(person=ana.person).update(wrapped=None)
    assert Repair.objects.get(pk=theirs.pk).happened == "theirs"


# --- Past the model --------------------------------------------------------------------------


def test_no_query_writes_words_unsealed(ana: Partner) -> None:
    one = draft(ana, "one")
    with pytest.raises(VaultError):
        Repair.objects.filter(pk=one.pk).update(happened="plain")
    with pytest.raises(VaultError):
        Repair.objects.filter(pk=one.pk).update(happened=b"plain")
    one.happened = "changed"
    with pytest.raises(VaultError):
        Repair.objects.bulk_update([one], ["happened"])


def test_rows_made_in_bulk_are_sealed(ana: Partner) -> None:
    rows = [
        Repair(couple=ana.couple, author=ana, door="i_was_hurt", happened="BULK", how_much="1")
        for _row in range(2)
    ]
    Repair.objects.bulk_create(rows)
    assert b"BULK" not in blob(Repair, rows[0].pk, "happened")
    assert Repair.objects.get(pk=rows[1].pk).happened == "BULK"


@pytest.mark.parametrize(
    "lookup", ["exact", "in", "contains", "iexact", "gt", "startswith", "regex"]
)
def test_no_query_searches_words(ana: Partner, lookup: str) -> None:
    with pytest.raises(FieldError):
        Repair.objects.filter(**{f"happened__{lookup}": "one"}).exists()
    with pytest.raises(FieldError):
        RepairAct.objects.filter(**{f"repair__happened__{lookup}": "one"}).exists()


def test_values_past_the_model_stay_sealed(ana: Partner) -> None:
    draft(ana, "one")
    value: object = Repair.objects.values_list("happened", flat=True).get()
    assert isinstance(value, Sealed)
    assert "one" not in repr(value)
    (copied,) = Repair.objects.annotate(copied=F("happened")).values("copied")
    assert b"one" not in copied["copied"].blob


def test_words_that_were_not_loaded_open_when_they_are_read(ana: Partner) -> None:
    draft(ana, "one")
    assert Repair.objects.defer("happened").get().happened == "one"
    found = Repair.objects.only("pk").get()
    found.refresh_from_db()
    assert found.happened == "one"


def test_saving_a_row_again_leaves_its_words_as_they_are(ana: Partner) -> None:
    one = draft(ana, "one")
    before = blob(Repair, one.pk, "happened")
    Repair.objects.get(pk=one.pk).save()
    assert blob(Repair, one.pk, "happened") == before


# --- Keys ------------------------------------------------------------------------------------


def test_master_keys_rotate_without_a_word_lost(settings: Settings, db: None) -> None:
    old, new = master(), master()
    settings.VAULT_KEYS = [old]
    before = make_person(name="Before")
    settings.VAULT_KEYS = [new, old]
    after = make_person(name="After")
    assert Person.objects.get(pk=before.pk).name == "Before"
    assert Person.objects.get(pk=after.pk).name == "After"
    settings.VAULT_KEYS = [new]
    assert Person.objects.get(pk=after.pk).name == "After"
    with pytest.raises(VaultError):
        _ = Person.objects.get(pk=before.pk).name


def test_everybody_has_a_key_of_their_own(ana: Partner, ben: Partner) -> None:
    make_therapist()
    keys = [key.data_key for key in Key.objects.all()]
    assert len(keys) == len(set(keys)) >= 3


def test_staff_have_no_key_to_anybody_and_no_page_for_words() -> None:
    shown = set(site._registry)
    assert {model._meta.label for model in shown} == {"couples.Reminder", "couples.Delivery"}
    fields = [field for model in shown for field in model._meta.get_fields()]
    assert not [field for field in fields if isinstance(field, SealedField)]


def test_a_line_of_the_other_opens_with_their_key_alone(ana: Partner, ben: Partner) -> None:
    made = mark(by=ana)
    made.line = "with coffee"
    made.save()
    found = Mark.objects.get(pk=made.pk)
    assert found.line == "with coffee"
    found.partner = fresh(ben)
    again = Mark.objects.get(pk=made.pk)
    again.partner = fresh(ben)
    with pytest.raises(VaultError):
        _ = again.line
