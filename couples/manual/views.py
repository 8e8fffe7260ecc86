"""My manual: written by oneself alone, each entry shared or not."""

from __future__ import annotations

import uuid
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from couples.access import PartnerRequest, enter, partner
from couples.forms import posted
from couples.manual.forms import EntryForm, ManualForm, NewEntryForm
from couples.manual.page import something_else
from couples.models import ManualEntry, ManualRefused, Question, Sharing, shared_with
from couples.paging import page
from couples.repeats import sent_once


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
        "other": request.partner.other,
    }
    return render(request, "couples/manual/manual.html", shows)


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def new(request: PartnerRequest) -> HttpResponse:
    """Write about one of the questions, or something of one's own."""
    asked = request.GET.get("question", "")
    question = Question(asked) if asked in Question.values else Question.OWN
    mine = request.partner.person.manual.filter(question=question)
    if request.method != "POST" and question != Question.OWN and (found := mine.first()):
        return redirect("manual_entry", found.pk)
    form = NewEntryForm(posted(request), initial={"sharing": Sharing.PRIVATE})
    if form.is_valid():
        try:
            ManualEntry.write(
                by=request.partner, question=question, now=request.now, **form.cleaned_data
            )
        except ManualRefused as refused:
            form.add_error("text", str(refused))
            _send_anew(request, form, client_key=uuid.uuid4())
        else:
            messages.success(request, _("Kept."))
            return redirect("manual")
    return _page(request, question, form)


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: PartnerRequest, entry_id: UUID) -> HttpResponse:
    """Read, change, share or unshare what I have written."""
    mine = get_object_or_404(request.partner.person.manual, pk=entry_id)
    initial = {"text": mine.text, "sharing": mine.level_for(request.partner)}
    form = EntryForm(posted(request), initial={**initial, "revision": mine.revision})
    there = None
    if form.is_valid():
        try:
            mine.rewrite(by=request.partner, **form.cleaned_data)
        except ManualRefused as refused:
            form.add_error("text", str(refused))
            # What stands there is shown beside, so that the next "Keep" has seen it.
            there = mine
            _send_anew(request, form, revision=mine.revision)
        else:
            messages.success(request, _("Kept."))
            return redirect("manual")
    return _page(request, Question(mine.question), form, mine, there)


@enter(partner)
@require_POST
@sent_once
def removal(request: PartnerRequest, entry_id: UUID) -> HttpResponse:
    """Throw an entry away for good."""
    get_object_or_404(request.partner.person.manual, pk=entry_id).throw_away()
    messages.success(request, _("It is gone."))
    return redirect("manual")


@enter(partner)
@require_safe
def theirs(request: PartnerRequest) -> HttpResponse:
    """What the other shares of their manual with me, and nothing else of it."""
    me = request.partner
    own = something_else(me, after=request.GET.get("after", ""))
    asked = [each for each in Question if each != Question.OWN]
    shows = {
        "room": "us",
        "other": me.other,
        "asked": shared_with(me, *asked),
        "own": own.rows,
        "after": own.after,
    }
    return render(request, "couples/manual/theirs.html", shows)


def _level(entry: ManualEntry | None, request: PartnerRequest) -> str:
    return str(Sharing(entry.level_for(request.partner)).label) if entry else ""


def _send_anew(request: PartnerRequest, form: ManualForm, **hidden: object) -> None:
    """Let what was refused be sent once more, by somebody who has seen what stands there."""
    typed = request.POST.copy()
    for name, value in hidden.items():
        typed[name] = str(value)
    form.data = typed


def _page(
    request: PartnerRequest,
    question: Question,
    form: ManualForm,
    entry: ManualEntry | None = None,
    there: ManualEntry | None = None,
) -> HttpResponse:
    shows = {"room": "me", "question": question, "form": form, "entry": entry}
    shows |= {"there": there, "level": _level(there, request)}
    status = 422 if form.errors else 200
    return render(request, "couples/manual/entry.html", shows, status=status)
