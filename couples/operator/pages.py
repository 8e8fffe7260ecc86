"""The two lists of the operator: promises and attempts, to be read; one thing can be done.

A person is an id here. What somebody wrote is sealed and in other tables, which no page shows.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import ActionLocation
from django.core.exceptions import BadRequest
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from couples.clock import database_now
from couples.delivery import log
from couples.delivery.models.reminder import Outcome
from couples.models import Delivery, Reminder
from couples.registry import registered

Lookups = list[tuple[Any, Any]]


class Looked(admin.ModelAdmin):  # type: ignore[type-arg]
    """A list and a page for each of its rows, to look at."""

    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_urls(self) -> list[URLPattern]:
        """Return the list and the page of a row; nothing adds, deletes or tells a history."""
        kept = []
        for each in super().get_urls():
            if (each.name or "").endswith(("_changelist", "_change")):
                if not (self.actions and str(each.name).endswith("_changelist")):
                    each.callback = require_safe(each.callback)
                kept.append(each)
        return kept

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """Return the row; raises Http404 when there is none."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def has_module_permission(self, _request: HttpRequest) -> bool:
        """Whoever passes the gate sees it; nobody else comes this far."""
        return True

    def has_view_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """As above."""
        return True

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Nobody."""
        return False


class StateFilter(admin.SimpleListFilter):
    """What has become of a promise, and what stands or is due."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, _request: HttpRequest, _page: Any) -> Lookups:
        """Return the states in the order of a promise's life."""
        return [
            ("due", gettext_lazy("due, held by nobody")),
            ("standing", gettext_lazy("standing")),
            *Outcome.choices,
        ]

    def queryset(self, _request: HttpRequest, shown: QuerySet[Reminder]) -> QuerySet[Reminder]:
        """Narrow the list to the chosen state."""
        match self.value():
            case None:
                return shown
            case "due":
                return shown.filter(pk__in=Reminder.objects.free(now=database_now()).values("pk"))
            case "standing":
                return shown.filter(settled_at=None)
            case outcome if outcome in Outcome.values:
                return shown.filter(outcome=outcome)
            case _:
                return shown


class KindFilter(admin.SimpleListFilter):
    """Kinds that an installed room promises."""

    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, _request: HttpRequest, _page: Any) -> Lookups:
        """Return the kinds, by asking those who make promises and no table."""
        kinds = sorted(make().kind for make in registered("REMINDER_SOURCES"))
        return [(kind, kind) for kind in kinds]

    def queryset(self, _request: HttpRequest, shown: QuerySet[Reminder]) -> QuerySet[Reminder]:
        """Narrow the list to the chosen kind."""
        return shown.filter(kind=self.value()) if self.value() else shown


class AttemptsBelow(admin.TabularInline):  # type: ignore[type-arg]
    """The attempts to keep a promise, on its page."""

    model = Delivery
    fields = readonly_fields = (
        *("channel", "attempt", "stage", "error", "began_at", "handed_at", "ended_at"),
    )
    ordering = ("began_at", "attempt")
    can_delete = False
    extra = 0

    def has_view_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Whoever passes the gate."""
        return True

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Nobody."""
        return False


class ReminderPage(Looked):
    """Promises, and *Try again* for those that failed."""

    list_display = ("id", "kind", "state", "due_at", "useful_until", "attempts", "person_id")
    list_filter = (StateFilter, KindFilter)
    ordering = ("-due_at", "pk")
    fields = readonly_fields = (
        *("id", "kind", "occasion", "subject", "person_id", "couple_id", "state", "due_at"),
        *("useful_until", "settled_at", "put_back_at", "lease_until", "fence", "created_at"),
    )
    inlines = (AttemptsBelow,)
    actions = ("try_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reminder]:
        """Bring the attempts along: one query more, however long the list."""
        return super().get_queryset(request).prefetch_related("deliveries")

    @admin.display(description=gettext_lazy("state"))
    def state(self, reminder: Reminder) -> str:
        """How it was settled, or that it stands."""
        return reminder.get_outcome_display() or gettext("standing")

    @admin.display(description=gettext_lazy("attempts"))
    def attempts(self, reminder: Reminder) -> str:
        """How many there were, and what the last one met with."""
        made = sorted(reminder.deliveries.all(), key=lambda each: each.began_at)
        return " · ".join([str(len(made)), *(each.error for each in made[-1:] if each.error)])

    def response_action(
        self,
        request: HttpRequest,
        queryset: QuerySet[Reminder],
        action_location: ActionLocation = ActionLocation.CHANGE_LIST,
    ) -> HttpResponse | None:
        """Do what was chosen with the rows that were; raises BadRequest for rows that are none."""
        for key in request.POST.getlist(ACTION_CHECKBOX_NAME):
            try:
                UUID(key)
            except ValueError:
                raise BadRequest("no such row") from None
        return super().response_action(request, queryset, action_location)

    @admin.action(description=gettext_lazy("Try again"))
    def try_again(self, request: HttpRequest, chosen: QuerySet[Reminder]) -> None:
        """Put back those of the chosen that failed, and say how many were not."""
        now, ids = database_now(), list(chosen.values_list("pk", flat=True))
        with transaction.atomic():
            Reminder.objects.filter(pk__in=ids).put_back(now=now)
            back = list(Reminder.objects.filter(pk__in=ids, put_back_at=now))
            LogEntry.objects.log_actions(str(request.user.pk), back, CHANGE, "put back")
        for each in back:
            log.put_back(each)
        if back:
            words = ngettext("%d will be tried again.", "%d will be tried again.", len(back))
            messages.success(request, words % len(back))
        if left := len(ids) - len(back):
            words = ngettext(
                "%d stays as it is: it has not failed, its useful time is over, or something of "
                "it may have gone out.",
                "%d stay as they are: they have not failed, their useful time is over, or "
                "something of them may have gone out.",
                left,
            )
            messages.warning(request, words % left)


class DeliveryPage(Looked):
    """Attempts."""

    list_display = ("id", "reminder_id", "channel", "attempt", "stage", "error", "began_at")
    list_filter = ("stage", "channel")
    ordering = ("-began_at", "pk")
    actions = None
    fields = readonly_fields = (
        *("id", "reminder_id", "channel", "attempt", "stage", "error", "provider_id", "fence"),
        *("began_at", "handed_at", "ended_at"),
    )
