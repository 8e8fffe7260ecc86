"""My manual: written by oneself alone, each entry shared or not."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from couples.access import PartnerRequest, enter, partner
from couples.forms import ManualForm
from couples.models import ManualEntry, ManualRefused, Question, Sharing
from couples.paging import page


@enter(partner)
@require_safe
def manual(request: PartnerRequest) -> HttpResponse:
    """The questions with what I have written, and entries of my own."""
    me = request.partner
    mine = me.person.manual.all()
    written = {each.question: each for each in mine.exclude(question=Question.OWN)}
    own = page(
        mine.filter(question=Question.OWN),
        newest_by="written_at",
        after=request.GET.get("after", ""),
    )
    asked = [
        {"question": each, "entry": written.get(each), "level": _level(written.get(each), request)}
        for each in Question
        if each != Question.OWN
    ]
    shows = {
        "room": "me",
        "asked": asked,
        "own": [{"entry": each, "level": _level(each, request)} for each in own.rows],
        "after": own.after,
    }
    return render(request, "couples/manual/manual.html", shows)


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PartnerRequest) -> HttpResponse:
    """Write about one of the questions, or something of one's own."""
    asked = request.GET.get("question", "")
    question = Question(asked) if asked in Question.values else Question.OWN
    mine = request.partner.person.manual.filter(question=question)
    if request.method != "POST" and question != Question.OWN and (found := mine.first()):
        return redirect("manual_entry", found.pk)
    posted = request.POST if request.method == "POST" else None
    form = ManualForm(posted, initial={"sharing": Sharing.PRIVATE})
    if form.is_valid():
        try:
            ManualEntry.write(
                by=request.partner, question=question, now=request.now, **form.cleaned_data
            )
        except ManualRefused as refused:
            form.add_error("text", str(refused))
        else:
            messages.success(request, _("Kept."))
            return redirect("manual")
    return _page(request, question, form)


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: PartnerRequest, entry_id: UUID) -> HttpResponse:
    """Read, change, share or unshare what I have written."""
    mine = get_object_or_404(request.partner.person.manual, pk=entry_id)
    posted = request.POST if request.method == "POST" else None
    initial = {"text": mine.text, "sharing": mine.level_for(request.partner)}
    form = ManualForm(posted, initial=initial)
    if form.is_valid():
        mine.rewrite(by=request.partner, **form.cleaned_data)
        messages.success(request, _("Kept."))
        return redirect("manual")
    return _page(request, Question(mine.question), form, mine)


@enter(partner)
@require_POST
def removal(request: PartnerRequest, entry_id: UUID) -> HttpResponse:
    """Throw an entry away for good."""
    get_object_or_404(request.partner.person.manual, pk=entry_id).throw_away()
    messages.success(request, _("It is gone."))
    return redirect("manual")


def _level(entry: ManualEntry | None, request: PartnerRequest) -> str:
    return str(Sharing(entry.level_for(request.partner)).label) if entry else ""


def _page(
    request: PartnerRequest, question: Question, form: ManualForm, entry: ManualEntry | None = None
) -> HttpResponse:
    shows = {"room": "me", "question": question, "form": form, "entry": entry}
    status = 422 if form.errors else 200
    return render(request, "couples/manual/entry.html", shows, status=status)
