"""Words that one room lends to the form of another: what two people decided becomes a principle.

The address of the form carries an id and never the words: addresses are logged. A room that lends
is named in the settings (`WORDS_FROM`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from couples.access import PartnerRequest
from couples.registry import registered


class Lender(Protocol):
    """What a form asks of a room that lends words."""

    name: str
    """The name of the id in an address."""

    def words(self, reference: UUID, *, request: PartnerRequest) -> str | None:
        """Return the words, or None where the viewer's couple has none by this id."""

    def became(self, reference: UUID, kind: str, subject: UUID, *, request: PartnerRequest) -> None:
        """Note that `subject`, a thing of this kind, was made of them."""


@dataclass(frozen=True)
class Borrowed:
    """What was lent to a form: nothing, most of the time."""

    request: PartnerRequest
    words: str = ""
    lender: Lender | None = None
    reference: UUID | None = None

    def became(self, kind: str, subject: UUID) -> None:
        """Tell the lender what was made of the words, if any were lent."""
        if self.lender and self.reference:
            self.lender.became(self.reference, kind, subject, request=self.request)


def borrowed(request: PartnerRequest) -> Borrowed:
    """Return what the address of this request asks to borrow, as far as the viewer may have it."""
    for make in registered("WORDS_FROM"):
        lender: Lender = make()
        try:
            reference = UUID(request.GET.get(lender.name, ""))
        except ValueError:  # whatever stands in an address: nothing has this id
            continue
        if words := lender.words(reference, request=request):
            return Borrowed(request, words, lender, reference)
    return Borrowed(request)
