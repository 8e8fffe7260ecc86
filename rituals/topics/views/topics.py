"""Topics: what is between the two, one's own drafts, and the page of one."""

from __future__ import annotations

import uuid
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from couples.access import PartnerRequest, enter, partner
from couples.borrowed import borrowed
from couples.forms import posted
from couples.models import Third
from couples.paging import page
from couples.repeats import sent_once
from couples.thirds.page import asked_about, in_force
from rituals.asks.page import seat
from rituals.models import Mute, Topic
from rituals.topics.forms import DraftForm, NewTopicForm, RaisingForm, TopicForm
from rituals.topics.models.topic import About, TopicRefused
from rituals.topics.page import Talk


@enter(partner)
@require_safe
def topics(request: PartnerRequest) -> HttpResponse:
    """What is open, my drafts, and what both have dealt with."""
    me, after = request.partner, request.GET.get
    every = me.couple.topics
    drafts = page(every.drafts_of(me), newest_by="created_at", after=after("drafts", ""))
    still = page(every.open(), newest_by="raised_at", after=after("open", ""))
    dealt = every.filter(closed_on__isnull=False)
    closed = page(dealt, newest_by="closed_on", after=after("closed", ""))
    seat([*drafts.rows, *still.rows, *closed.rows], me)
    shows = {"room": "us", "drafts": drafts, "open": still, "closed": closed}
    shows |= {"me": me, "other": me.other}
    template = "topics/topics.html#list" if request.htmx else "topics/topics.html"
    return render(request, template, shows)


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def new(request: PartnerRequest) -> HttpResponse:
    """A private draft; made of what both have decided, it is raised at once."""
    me, lent, about = request.partner, borrowed(request), asked_about(request)
    initial = {"words": lent.words, "about": About.PLAN if about or lent.words else About.REQUEST}
    form = NewTopicForm(posted(request), initial=initial, keep="topic:new")
    if form.is_valid():
        try:
            write_down = Topic.put if lent.words else Topic.draft
            kept = write_down(by=me, third=about, **form.cleaned_data)
            lent.became("topic", kept.pk)
            return redirect("topic" if kept.raised_at else "topic_draft", kept.pk)
        except TopicRefused as refused:
            form.add_error(None, str(refused))
    return _draft_page(request, form, about=about, decided=bool(lent.words))


@enter(partner)
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: PartnerRequest, topic_id: UUID) -> HttpResponse:
    """Read one's own draft again, and change it."""
    mine = _my_draft(request, topic_id)
    form = DraftForm(posted(request), initial=_kept(mine), keep=f"topic:{mine.pk}")
    if form.is_valid():
        try:
            mine.rewrite(by=request.partner, **form.cleaned_data)
            messages.success(request, _("Kept, for you alone."))
            return redirect("topic_draft", mine.pk)
        except TopicRefused as refused:
            form.add_error(None, str(refused))
    return _draft_page(request, form, draft=mine)


@enter(partner)
@require_POST
@sent_once
def removal(request: PartnerRequest, topic_id: UUID) -> HttpResponse:
    """Throw one's own draft away."""
    try:
        _my_draft(request, topic_id).throw_away(by=request.partner)
        messages.success(request, _("The draft is gone."))
    except TopicRefused as refused:
        messages.error(request, str(refused))
    return redirect("topics")


@enter(partner)
@require_POST
def raising(request: PartnerRequest, topic_id: UUID) -> HttpResponse:
    """Raise one's own draft as it stands in the fields: the other sees it from now on.

    A tap that brings no fields along raises what is kept, if that is what its page showed.
    """
    mine = get_object_or_404(request.partner.topics.all(), pk=topic_id)
    mine.couple, mine.author = request.partner.couple, request.partner
    form = RaisingForm({**_kept(mine), **request.POST.dict()}, keep=f"topic:{mine.pk}")
    if form.is_valid():
        key = form.cleaned_data["client_key"]
        try:
            mine.bring_up(by=request.partner, typed=form.typed, client_key=key, now=request.now)
        except TopicRefused as refused:
            form.add_error(None, str(refused))
    if not mine.raised_at:
        return _draft_page(request, form, draft=mine)
    if not form.errors or mine.words == form["words"].value():
        return redirect("topic", mine.pk)
    # Raised on another phone meanwhile: what stands here is shown, and what was typed given back.
    return draw(
        request,
        mine,
        problem=str(next(iter(form.non_field_errors()), "")),
        unsent=form["words"].value(),
    )


@enter(partner)
@require_safe
def topic(request: PartnerRequest, topic_id: UUID) -> HttpResponse:
    """What was raised, and what I can do now; one's own draft has a page of its own."""
    visible = request.partner.couple.topics.visible_to(request.partner)
    found = get_object_or_404(visible, pk=topic_id)
    if not found.raised_at:
        return redirect("topic_draft", found.pk)
    return draw(request, found)


@enter(partner)
@require_POST
def muting(request: PartnerRequest, topic_id: UUID) -> HttpResponse:
    """Hear no more of this one; nobody else can tell."""
    found = raised(request, topic_id)
    Mute.keep(found.pk, by=request.partner, now=request.now)
    return redirect("topic", found.pk)


@enter(partner)
@require_POST
def unmuting(request: PartnerRequest, topic_id: UUID) -> HttpResponse:
    """Hear of it again."""
    found = raised(request, topic_id)
    Mute.end(found.pk, by=request.partner)
    return redirect("topic", found.pk)


def raised(request: PartnerRequest, topic_id: UUID) -> Topic:
    """Return a raised topic of the viewer's couple; a draft, or another couple's, is missing."""
    between = request.partner.couple.topics.exclude(raised_at=None)
    found: Topic = get_object_or_404(between, pk=topic_id)
    found.couple = request.partner.couple
    return found


def draw(
    request: PartnerRequest, topic: Topic, *, problem: str = "", typed: str = "", unsent: str = ""
) -> HttpResponse:
    """Return the page as the viewer sees it now, with a problem and what they typed, if any.

    `typed` goes back into its field, `unsent` has none here and stands on the page.
    """
    me = request.partner
    topic.couple = me.couple
    here = Talk.enter(topic, me, today=me.couple.today(request.now))
    shows = {"room": "us", "here": here, "problem": problem, "typed": typed}
    shows["unsent"] = unsent
    shows["about"] = in_force(me.couple, topic.about_third_id)
    template = "topics/topic.html#topic" if request.htmx else "topics/topic.html"
    return render(request, template, shows, status=422 if problem else 200)


def _kept(draft: Topic) -> dict[str, str]:
    return {"about": draft.about, "words": draft.words or ""}


def _my_draft(request: PartnerRequest, topic_id: UUID) -> Topic:
    mine: Topic = get_object_or_404(
        request.partner.couple.topics.drafts_of(request.partner), pk=topic_id
    )
    mine.couple, mine.author = request.partner.couple, request.partner
    return mine


def _draft_page(
    request: PartnerRequest,
    form: TopicForm,
    *,
    draft: Topic | None = None,
    about: Third | None = None,
    decided: bool = False,
) -> HttpResponse:
    me = request.partner
    if draft:
        about = in_force(me.couple, draft.about_third_id)
    shows = {"room": "us", "form": form, "draft": draft, "other": me.other}
    shows |= {"client_key": uuid.uuid4(), "about": about, "decided": decided}
    return render(request, "topics/draft.html", shows, status=422 if form.errors else 200)
