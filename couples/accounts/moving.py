"""Moving to another address: the old one hears of it, and can take it back for three days."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from couples.accounts.trust import forget, is_proved
from couples.clock import database_now
from couples.models import AddressChange, Person


class AddressTaken(Exception):
    """Why an address cannot be had back, in words for whoever tries."""


def tell(person: Person, *, before: list[str]) -> None:
    """Keep which addresses an account had until now, and tell them that it has moved."""
    for old in before:
        send_link(AddressChange.record(person=person, old=old))


def send_link(change: AddressChange) -> None:
    """Mail the link with which the old address takes the account back; older links are over.

    The mail says that the address changed, never where to: whoever reads it need not be the one
    who moved.
    """
    link = settings.BASE_URL + reverse("address_taking_back", args=[change.new_token()])
    told = {"link": link, "timestamp": change.changed_at}
    get_adapter().send_mail("account/email/email_changed", change.old_address, told)


def open_change(address: str) -> AddressChange | None:
    """Return the change that this address could still take back, if there is one."""
    return AddressChange.objects.open().filter(old_address=address).order_by("changed_at").first()


def take_back(change: AddressChange) -> None:
    """Give the account back to its old address; a second time changes nothing.

    Whatever was set since counts for nothing: sessions, sign-ins under way, second factors, and
    the password, be it an old one, as the change was made by somebody who got in. Later moves are
    undone with it. Raises AddressTaken when the address has an account of its own by now.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=change.person_id)
        change.refresh_from_db()
        if change.taken_back_at is not None:
            return
        gone = person.email
        _make_room(person, change.old_address)
        person.email = change.old_address
        person.save(update_fields=["email"])
        EmailAddress.objects.filter(user=person).delete()
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        forget(person, password=None, since=change.changed_at)
        person.address_changes.filter(changed_at__gt=change.changed_at).delete()
        change.taken_back_at = database_now()
        change.save(update_fields=["taken_back_at"])
    if gone != change.old_address:
        told = {"timestamp": timezone.now()}
        get_adapter().send_mail("account/email/address_taken_back", gone, told)


def _make_room(person: Person, address: str) -> None:
    """End what others began with the address; raises AddressTaken when one has proved it."""
    others = Person.objects.exclude(pk=person.pk)
    theirs = others.filter(Q(email=address) | Q(emailaddress__email=address)).distinct()
    for other in theirs:
        if not is_proved(other):
            other.delete()
        elif EmailAddress.objects.filter(user=other, email=address, verified=True).exists():
            raise AddressTaken(_("This address has an account of its own by now."))
        else:
            EmailAddress.objects.filter(user=other, email=address).delete()
