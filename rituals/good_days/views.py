"""A good day: one question now and then, and what was kept and shared."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from couples.access import PartnerRequest, enter, partner
from couples.forms import posted
from couples.paging import ARCHIVE, page
from rituals.good_days.forms import GoodDayForm
from rituals.good_days.models import Question, question_of
from rituals.models import GoodDay


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
def good_days(request: PartnerRequest) -> HttpResponse:
    """This week's question, if it is mine to answer, and the answers I may read."""
    asked = _asked(request)
    sent = posted(request)
    if sent is not None and (asked is None or not _answers(sent, asked)):
        if asked is None:
            messages.info(request, _("There is no question open for you just now."))
        else:
            messages.error(request, _("The question that this answers is no longer open."))
        typed = request.POST.get("words", "")
        return _page(request, _form(asked), typed=typed) if typed else redirect("good_days")
    form = _form(asked, sent)
    if form and form.is_bound and form.is_valid():
        GoodDay.answer(by=request.partner, now=request.now, **form.cleaned_data)
        passed = form.cleaned_data["outcome"] == GoodDay.Outcome.PASSED
        return redirect("today" if passed else "good_days")
    return _page(request, form)


def _answers(sent: QueryDict, asked: Question) -> bool:
    """False for a page of a week before, whose question was another."""
    return sent.get("week", asked.week.isoformat()) == asked.week.isoformat()


def _form(asked: Question | None, sent: QueryDict | None = None) -> GoodDayForm | None:
    return GoodDayForm(sent, asked=asked) if asked else None


def _page(
    request: PartnerRequest, form: GoodDayForm | None = None, *, typed: str = ""
) -> HttpResponse:
    """Draw the answers I may read, with the question, or with what came too late for one."""
    me = request.partner
    mine_or_shared = Q(partner=me) | Q(outcome=GoodDay.Outcome.SHARED)
    answers = me.couple.good_days.filter(mine_or_shared, words__isnull=False)
    shown = page(answers, newest_by="week", after=request.GET.get("after", ""), size=ARCHIVE)
    seats = {each.pk: each for each in me.couple.together}
    for each in shown.rows:
        if each.partner_id in seats:
            each.partner = seats[each.partner_id]  # brings the key that opens the words
    shows = {"room": "us", "form": form, "page": shown, "me": me, "other": me.other, "typed": typed}
    refused = typed or (form and form.errors)
    return render(request, "rituals/good_days.html", shows, status=422 if refused else 200)


def _asked(request: PartnerRequest) -> Question | None:
    """Return the question that is open for the viewer today, if any."""
    me, today = request.partner, request.partner.couple.today(request.now)
    asked = question_of(me.couple, today)
    if asked is None or not me.couple.paired or asked.seat != me.seat or today < asked.since:
        return None
    return None if me.couple.good_days.filter(week=asked.week).exists() else asked
