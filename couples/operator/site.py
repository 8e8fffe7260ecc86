"""The operator's page: Django's admin with next to nothing in it.

It has no sign-in of its own (the gate in couples/access.py lets in who is signed in as everybody
signs in, is staff, and has shown a second factor), no page that adds, changes or deletes, and
knows two models, neither of which holds a word, a name or an address.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_safe

from couples.delivery import watchdog
from couples.models import Delivery, Reminder
from couples.operator.figures import figures
from couples.operator.pages import DeliveryPage, ReminderPage

PAGES = {"index", "jsi18n"}
"""What of the admin's own pages is there; the last is a script that its lists ask for."""


class OperatorSite(admin.AdminSite):
    """What an operator may see of the machine."""

    site_title = site_header = "Hi First: operator"
    index_title = "Reminders"
    index_template = "admin/operator.html"
    enable_nav_sidebar = False
    final_catch_all_view = False

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Return the few addresses there are; whatever else an admin has is missing."""
        kept: list[URLPattern | URLResolver] = []
        for pattern in super().get_urls():
            if isinstance(pattern, URLResolver):
                kept.append(pattern)
            elif pattern.name in PAGES:
                pattern.callback = require_safe(pattern.callback)
                kept.append(pattern)
        # Breadcrumbs lead to a page for each app; there is one app, and its page is the first.
        label = {"app_label": Reminder._meta.app_label}
        return [*kept, path("couples/", require_safe(to_the_first_page), label, name="app_list")]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show how delivery is doing, above the two lists."""
        seen = watchdog.look()
        told = {"figures": figures(now=seen.now), "seen": seen}
        return super().index(request, {**told, **(extra_context or {})})


def to_the_first_page(_request: HttpRequest, **_app: str) -> HttpResponse:
    """Answer for the page of an app."""
    return redirect("admin:index")


site = OperatorSite()
site.disable_action("delete_selected")
site.register(Reminder, ReminderPage)
site.register(Delivery, DeliveryPage)
