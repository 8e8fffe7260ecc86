"""What every table of ours has, read from the models."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from couples.vault import SealedField
from tests.conventions.trees import APPS


def our_models() -> list[type[models.Model]]:
    """Return the models of the four rooms."""
    return [model for room in APPS for model in apps.get_app_config(room).get_models()]


NOT_OWNED_BY_A_COUPLE = {
    "couples.Couple": "is the couple itself",
    "couples.Person": "a login outlives its couples",
    "couples.AddressChange": "belongs to a person, whoever they live with",
    "couples.Key": "belongs to a person or to a couple, one of the two",
    "couples.ManualEntry": "belongs to a person; `shared_in` names the couple that may read it",
    "couples.Preference": "belongs to a person, whoever they live with",
    "couples.PushSubscription": "belongs to a session, and ends with it",
    "couples.DeadEndpoint": "a hash of an address at which nobody is subscribed",
    "couples.Watch": "one row about the worker, and about nobody",
    "couples.Delivery": "belongs to a reminder, which names the couple",
    "rituals.ScaleWording": "an authors' sheet, added by the operator for every couple",
    "therapists.Therapist": "a practice, with many couples",
}


def test_every_table_names_its_couple() -> None:
    bare = set()
    for model in our_models():
        names = {field.name for field in model._meta.get_fields()}
        owner = "couple" in names and model._meta.get_field("couple").is_relation
        if not owner or model._meta.label in NOT_OWNED_BY_A_COUPLE:
            bare.add(model._meta.label)
    assert bare == set(NOT_OWNED_BY_A_COUPLE)


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_every_primary_key_is_a_uuid_made_in_python(model: type[models.Model]) -> None:
    key = model._meta.pk
    assert isinstance(key, models.UUIDField)
    assert getattr(key.default, "__name__", "") == "uuid4"


PLAIN = {
    "couples.Person.password": "a hash",
    "couples.Person.email": "a sign-in needs it",
    "couples.AddressChange.old_address": "a sign-in needs it",
    "couples.Person.time_zone": "a name of the IANA database",
    "couples.Couple.day_zone": "a name of the IANA database",
    "couples.Agreement.area": "one of a few choices",
    "couples.ManualEntry.question": "one of a few choices",
    "couples.ManualEntry.sharing": "one of a few choices",
    "couples.Third.sort": "one of a few choices",
    "couples.Third.stage": "one of a few choices",
    "couples.ThirdMoment.came": "one of a few choices",
    "couples.BrakeUse.channel": "a name from the code",
    "couples.BrakeUse.about": "an id, a kind, or a fingerprint under the couple's key",
    "couples.Reminder.kind": "a name from the code",
    "couples.Reminder.occasion": "a date or a round",
    "couples.Reminder.outcome": "one of a few choices",
    "couples.Delivery.channel": "one of a few choices",
    "couples.Delivery.stage": "one of a few choices",
    "couples.Delivery.provider_id": "a number that the receiving server gives",
    "couples.Delivery.error": "what a server answered, without the message",
    "couples.Preference.kind": "a name from the code",
    "couples.Preference.way": "one of a few choices",
    "couples.PushSubscription.endpoint": "an address that the browser's push service made up",
    "couples.PushSubscription.p256dh": "a public key",
    "couples.PushSubscription.auth": "a secret of the browser's; it opens no word that we keep",
    "rituals.Ritual.kind": "one of a few choices",
    "rituals.Mark.how": "one of a few choices",
    "rituals.Approach.kind": "one of a few choices",
    "rituals.Ask.stage": "one of a few choices",
    "rituals.AskAct.kind": "one of a few choices",
    "rituals.Topic.about": "one of a few choices",
    "rituals.Topic.stage": "one of a few choices",
    "rituals.TopicAct.kind": "one of a few choices",
    "rituals.ScaleWording.scale": "a name from the definitions",
    "rituals.ScaleWording.sheet": "the wording of its authors, the same for everybody",
    "rituals.Measure.scale": "a name from the definitions",
    "rituals.GoodDay.outcome": "one of a few choices",
    "rituals.MeetingItem.kind": "a name from the settings",
    "rituals.Outcome.kind": "one of a few choices",
    "repairs.Repair.door": "one of a few choices",
    "repairs.Repair.stage": "one of a few choices",
    "repairs.RepairAct.kind": "one of a few choices",
    "therapists.TherapistLink.secrets_policy": "one of a few choices",
    "therapists.Consent.scope": "one of a few choices",
    "therapists.Closing.scope": "one of a few choices",
    "therapists.Reading.what": "one of a few choices",
}


def test_every_text_is_sealed_or_is_nobodys_words() -> None:
    plain = {
        f"{model._meta.label}.{field.name}": field
        for model in our_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField | models.TextField | models.JSONField)
    }
    assert set(plain) == set(PLAIN)
    for label, field in plain.items():
        assert ("choices" in PLAIN[label]) <= bool(field.choices), label


def test_every_sealed_field_says_whose_key_seals_it() -> None:
    sealed = [
        (model, field)
        for model in our_models()
        for field in model._meta.get_fields()
        if isinstance(field, SealedField)
    ]
    assert sealed
    for model, field in sealed:
        owner: type[models.Model] = model
        for step in field.owner.split(".") if field.owner else []:
            owner = owner._meta.get_field(step).related_model  # type: ignore[assignment]
        assert hasattr(owner, "vault_key"), f"{model._meta.label}.{field.name}"


SEALED_AT = {
    "couples_agreementversion.wording": "couple",
    "couples_invitation.token": "inviter.person",
    "couples_manualentry.text": "person",
    "couples_person.kept_clock": "",
    "couples_person.name": "",
    "couples_third.label": "couple",
    "repairs_repair.happened": "author.person",
    "repairs_repair.how_much": "author.person",
    "repairs_repairact.next_time": "author.person",
    "repairs_repairact.words": "author.person",
    "rituals_appreciation.words": "author.person",
    "rituals_ask.instead_of": "author.person",
    "rituals_ask.third": "author.person",
    "rituals_ask.what": "author.person",
    "rituals_askact.words": "author.person",
    "rituals_decision.words": "couple",
    "rituals_goodday.words": "partner.person",
    "rituals_mark.line": "partner.person",
    "rituals_matter.words": "couple",
    "rituals_measure.answers": "partner.person",
    "rituals_measure.total": "partner.person",
    "rituals_meetingword.words": "partner.person",
    "rituals_pulse.answers": "partner.person",
    "rituals_ritual.own_name": "couple",
    "rituals_topic.words": "author.person",
    "rituals_topicact.words": "author.person",
    "therapists_therapist.licence": "person",
    "therapists_therapist.place": "person",
    "therapists_therapistlink.token": "therapist.person",
}
"""Where words lie and whose key seals them. Both are part of the seal: a word that is stored opens
at no other place, so that rows are added here, and none is ever changed."""


def test_words_that_are_stored_keep_the_place_that_seals_them() -> None:
    assert {
        f"{model._meta.db_table}.{field.column}": field.owner
        for model in our_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, SealedField)
    } == SEALED_AT


UNIQUE_ACROSS_COUPLES = {
    "couples.Partner": "a person is in at most one live couple",
    "couples.Reminder": "a promise is made to a person",
}


def test_what_is_unique_is_unique_within_its_couple() -> None:
    """Tables can be distributed by couple only while the couple leads their unique constraints."""
    across = set()
    for model in our_models():
        if model._meta.label in NOT_OWNED_BY_A_COUPLE:
            continue
        rules = [c for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]
        if any(rule.fields[:1] != ("couple",) for rule in rules):
            across.add(model._meta.label)
    assert across == set(UNIQUE_ACROSS_COUPLES)
