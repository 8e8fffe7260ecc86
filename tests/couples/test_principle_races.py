"""Both do something about a principle in the same instant: one order, and nothing half signed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

import pytest

from couples.clock import database_now
from couples.models import Agreement, AgreementRefused, AgreementVersion, Partner, Signature
from tests.at_once import at_once, refused
from tests.factories import agree, fresh, propose

pytestmark = pytest.mark.django_db(transaction=True)

TRIES = range(4)
"""Which of the two comes first is left to chance, so all are tried again."""

again = pytest.mark.parametrize("again", TRIES)

NEW = "We come back by noon."
NEWER = "We come back before we sleep."


class At:
    """One wording as the request of one partner finds it, on a connection of its own."""

    def __init__(self, who: Partner, version: AgreementVersion) -> None:
        self.me = fresh(who)
        self.version = AgreementVersion.objects.select_related("agreement").get(pk=version.pk)
        self.version.agreement.couple = self.me.couple

    def sign(self, months: int = 0) -> None:
        ahead = timedelta(days=30 * months)
        until = self.me.couple.today(database_now()) + ahead if months else None
        self.version.sign(by=self.me, until=until)

    def withdraw(self) -> None:
        self.version.withdraw(by=self.me)

    def reword(self, words: str = NEW, key: uuid.UUID | None = None) -> AgreementVersion:
        key = key or uuid.uuid4()
        return self.version.agreement.reword(by=self.me, wording=words, client_key=key)


def in_force(couple_of: Partner) -> list[AgreementVersion]:
    """Return what is in force, after looking at everything that has to hold in any order."""
    couple = fresh(couple_of).couple
    today = couple.today(database_now())
    standing = list(couple.wordings.in_force(today))
    for agreement in couple.agreements.all():
        numbers = sorted(agreement.versions.values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
        assert sum(each.agreement_id == agreement.pk for each in standing) <= 1
    names = Signature.objects.filter(couple=couple, ended_at=None)
    assert not names.filter(version__closed_at__isnull=False).exists()
    for each in standing:
        assert set(names.filter(version=each).values_list("partner__seat", flat=True)) == {1, 2}
    return standing


def only_moved_on(results: Sequence[object]) -> bool:
    """Return whether anything was refused, after seeing that it was refused in words."""
    assert {type(each) for each in refused(results)} <= {AgreementRefused}
    return bool(refused(results))


@again
def test_one_signs_while_the_other_changes_the_words(
    ana: Partner, ben: Partner, again: int
) -> None:
    version = propose(by=ana)
    hers, his = At(ana, version), At(ben, version)
    late = only_moved_on(at_once(his.sign, hers.reword))
    # Either the old words were signed in time and stand, or they had given way.
    assert in_force(ana) == ([] if late else [version])
    assert AgreementVersion.objects.get(number=2).wording == NEW
    At(ben, AgreementVersion.objects.get(number=2)).sign()
    assert [each.number for each in in_force(ana)] == [2]


@again
def test_one_signs_new_words_while_the_other_changes_them_once_more(
    ana: Partner, ben: Partner, again: int
) -> None:
    old = agree(ana, ben)
    second = At(ben, old).reword()
    hers, his = At(ana, second), At(ben, second)
    late = only_moved_on(at_once(hers.sign, lambda: his.reword(NEWER)))
    assert in_force(ana) == ([old] if late else [second])
    assert AgreementVersion.objects.get(number=3).wording == NEWER


@again
def test_one_signs_while_the_other_takes_it_back(ana: Partner, ben: Partner, again: int) -> None:
    version = propose(by=ana)
    hers, his = At(ana, version), At(ben, version)
    only_moved_on(at_once(his.sign, hers.withdraw))
    assert in_force(ana) == []
    assert not Signature.objects.filter(ended_at=None).exists()


@again
def test_one_signs_again_while_the_other_takes_it_out_of_force(
    ana: Partner, ben: Partner, again: int
) -> None:
    version = agree(ana, ben)
    hers, his = At(ana, version), At(ben, version)
    results = at_once(lambda: hers.sign(months=6), his.withdraw)
    assert not refused(results)
    assert in_force(ana) == []
    assert not Signature.objects.filter(ended_at=None, partner=ben).exists()
    At(ben, version).sign()
    At(ana, version).sign()
    assert in_force(ana) == [version]


@again
def test_both_sign_what_was_not_in_force_any_more(ana: Partner, ben: Partner, again: int) -> None:
    version = agree(ana, ben)
    version.withdraw(by=ana)
    hers, his = At(ana, version), At(ben, version)
    assert not refused(at_once(hers.sign, his.sign))
    assert in_force(ana) == [version]


@again
def test_both_sign_different_words(ana: Partner, ben: Partner, again: int) -> None:
    old = agree(ana, ben)
    old.withdraw(by=ben)
    new = At(ben, old).reword()
    hers, his = At(ana, new), At(ben, old)
    only_moved_on(at_once(hers.sign, his.sign))
    assert in_force(ana) == [new]


@again
def test_both_change_the_words(ana: Partner, ben: Partner, again: int) -> None:
    old = agree(ana, ben)
    hers, his = At(ana, old), At(ben, old)
    assert not refused(at_once(hers.reword, lambda: his.reword(NEWER)))
    assert in_force(ana) == [old]
    assert set(old.agreement.versions.values_list("number", flat=True)) == {1, 2, 3}
    kept = {each.wording for each in old.agreement.versions.all()}
    assert {NEW, NEWER} <= kept
    # The later one is on the table; the other's author can sign it or propose theirs again.
    last = AgreementVersion.objects.get(number=3)
    other = ben if last.proposed_by == ana else ana
    At(other, last).sign()
    assert in_force(ana) == [last]


@again
def test_both_find_the_same_new_words(ana: Partner, ben: Partner, again: int) -> None:
    old = agree(ana, ben)
    hers, his = At(ana, old), At(ben, old)
    results = at_once(hers.reword, his.reword)
    assert only_moved_on(results)
    (found,) = AgreementVersion.objects.filter(number__gt=1)
    assert in_force(ana) == [old]
    At(ben if found.proposed_by == ana else ana, found).sign()
    assert in_force(ana) == [found]


@again
def test_one_tap_sent_twice_signs_once(ana: Partner, ben: Partner, again: int) -> None:
    version = propose(by=ana)
    phones = [At(ben, version) for _phone in range(2)]
    assert not refused(at_once(*(each.sign for each in phones)))
    assert in_force(ana) == [version]
    assert Signature.objects.filter(partner=ben).count() == 1


@again
def test_one_tap_sent_twice_proposes_once(ana: Partner, ben: Partner, again: int) -> None:
    old, key = agree(ana, ben), uuid.uuid4()
    phones = [At(ana, old) for _phone in range(2)]
    made = at_once(*(lambda each=each: each.reword(key=key) for each in phones))
    assert not refused(made)
    assert made[0] == made[1]
    begun = [fresh(ana), fresh(ana)]
    first = at_once(
        *(
            lambda by=by: Agreement.propose(by=by, area="first", wording=NEWER, client_key=key)
            for by in begun
        )
    )
    # The same key has made something already, so that nothing more comes of it.
    assert {each.pk for each in first if isinstance(each, AgreementVersion)} == {made[0].pk}  # type: ignore[union-attr]


@again
def test_both_propose_a_purpose_and_it_is_one(ana: Partner, ben: Partner, again: int) -> None:
    both = [fresh(ana), fresh(ben)]
    results = at_once(
        lambda: propose(by=both[0], wording=NEW, area="purpose"),
        lambda: propose(by=both[1], wording=NEWER, area="purpose"),
    )
    assert not refused(results)
    assert Agreement.objects.count() == 1
    assert in_force(ana) == []
    last = AgreementVersion.objects.get(number=2)
    At(ben if last.proposed_by == ana else ana, last).sign()
    assert in_force(ana) == [last]
