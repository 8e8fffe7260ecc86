"""The therapist's couples, and asking for a therapist's account."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from couples.access import PersonRequest, enter, person
from couples.forms import posted
from therapists.access import TherapistRequest, therapist
from therapists.caseload import caseload, links_of, names_of, standing_links
from therapists.couple_page import sides
from therapists.forms import ApplicationForm
from therapists.models import ApplicationRefused, Reading, Therapist
from therapists.models.reading import What
from therapists.views.desk import desk


@enter(therapist)
@require_safe
def practice(request: TherapistRequest) -> HttpResponse:
    """The caseload. The log of having read it is kept in the same transaction, or no page."""
    with transaction.atomic():
        links = links_of(request.therapist)
        couples = [link.couple for link in links if link.couple]
        Reading.note(by=request.therapist, couples=couples, what=What.CASELOAD, now=request.now)
        shows = desk(request, here="practice", lines=caseload(links, now=request.now))
        return render(request, "therapists/practice.html", shows)


@enter(therapist)
@require_safe
def couple(request: TherapistRequest, link_id: UUID) -> HttpResponse:
    """What each of one couple shows me; logged in the same transaction, or no page."""
    with transaction.atomic():
        link = get_object_or_404(standing_links(request.therapist), pk=link_id)
        if link.couple is None:
            raise Http404
        both = sides(link)
        me, now = request.therapist, request.now
        Reading.note(by=me, couples=[link.couple], what=What.COUPLE, now=now)
        alone = [side.partner for side in both if side.results]
        Reading.note_alone(by=me, partners=alone, now=now)
        shows = desk(request, here="practice", names=names_of(link), sides=both)
        return render(request, "therapists/couple.html", shows)


@enter(person)
@require_http_methods(["GET", "HEAD", "POST"])
def application(request: PersonRequest) -> HttpResponse:
    """Ask for a therapist's account, correct the request, or see where it stands."""
    mine = Therapist.objects.select_related("person__key").filter(person=request.user.pk).first()
    form = ApplicationForm(posted(request), initial=_initial(request, mine))
    if form.is_valid():
        try:
            typed = {name: form.cleaned_data[name] for name in ("name", "licence", "place")}
            Therapist.apply(by=request.user, **typed)
            messages.success(request, _("Thank you. We have it, and will look at your licence."))
            return redirect("practice_application")
        except ApplicationRefused as refused:
            form.add_error(None, str(refused))
    shows = desk(request, here="practice_application", form=form, practice=mine)
    status = 422 if form.errors else 200
    return render(request, "therapists/application.html", shows, status=status)


def _initial(request: PersonRequest, mine: Therapist | None) -> dict[str, str | None]:
    name = {"name": request.user.name}
    return {**name, "licence": mine.licence, "place": mine.place} if mine else name
