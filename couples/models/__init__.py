"""Who we are to each other, one idea a file."""

from couples.models.address_change import AddressChange
from couples.models.agreement import Agreement, AgreementVersion, Area
from couples.models.brake_use import BrakeUse
from couples.models.couple import Couple, Partner
from couples.models.invitation import Invitation, InvitationRefused
from couples.models.key import Key
from couples.models.manual import ManualEntry, ManualRefused, Question, Sharing, shared_with
from couples.models.person import Person
from couples.models.preference import Preference
from couples.models.push import DeadEndpoint, PushGone, PushRefused, PushSubscription
from couples.models.reminder import Delivery, Reminder
from couples.models.signature import AgreementRefused, Signature
from couples.models.third import Sort, Third, ThirdRefused
from couples.models.third_moment import ThirdMoment, ThirdWeek
from couples.models.watch import Watch

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
