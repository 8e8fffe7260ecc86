"""Who helps us, one idea a file."""

from therapists.models.consent import Acceptance, Closing, Consent, Scope
from therapists.models.link import LinkRefused, TherapistLink
from therapists.models.policy import Secrets
from therapists.models.reading import Reading
from therapists.models.therapist import ApplicationRefused, Therapist

__all__ = [
    "Acceptance",
    "ApplicationRefused",
    "Closing",
    "Consent",
    "LinkRefused",
    "Reading",
    "Scope",
    "Secrets",
    "Therapist",
    "TherapistLink",
]
