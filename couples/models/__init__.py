"""Who we are to each other, one idea a file."""

from couples.accounts.models import AddressChange
from couples.delivery.models.preference import Preference
from couples.delivery.models.push import DeadEndpoint, PushGone, PushRefused, PushSubscription
from couples.delivery.models.reminder import Delivery, Reminder
from couples.delivery.models.watch import Watch
from couples.manual.models import ManualEntry, ManualRefused, Question, Sharing, shared_with
from couples.models.brake_use import BrakeUse
from couples.models.couple import Couple, Partner
from couples.models.invitation import Invitation, InvitationRefused
from couples.models.key import Key
from couples.models.person import Person
from couples.principles.models.agreement import Agreement, AgreementVersion, Area
from couples.principles.models.signature import AgreementRefused, Signature
from couples.thirds.models.moment import ThirdMoment, ThirdWeek
from couples.thirds.models.third import Sort, Third, ThirdRefused

__all__ = [
    "AddressChange",
    "Agreement",
    "AgreementRefused",
    "AgreementVersion",
    "Area",
    "BrakeUse",
    "Couple",
    "DeadEndpoint",
    "Delivery",
    "Invitation",
    "InvitationRefused",
    "Key",
    "ManualEntry",
    "ManualRefused",
    "Partner",
    "Person",
    "Preference",
    "PushGone",
    "PushRefused",
    "PushSubscription",
    "Question",
    "Reminder",
    "Sharing",
    "Signature",
    "Sort",
    "Third",
    "ThirdMoment",
    "ThirdRefused",
    "ThirdWeek",
    "Watch",
    "shared_with",
]
