"""The frame of the house: the first steps, Me, and the ways out."""

from __future__ import annotations

from django.urls import include, path

from couples.delivery import views as reminders
from couples.learning import LESSONS
from couples.manual import views as manual
from couples.views import (
    first_steps,
    health,
    invitation,
    learn,
    leaving,
    me,
    phone_clock,
    safety,
    start,
)

urlpatterns = [
    path("welcome/", start.welcome, name="welcome"),
    path("start/", start.start, name="start"),
    path("start/mailbox/", first_steps.mailbox, name="start_mailbox"),
    path("start/example/", first_steps.example, name="start_example"),
    path("invitation/", invitation.invitation, name="invitation"),
    path("invitation/taking-back/", invitation.taking_back, name="invitation_taking_back"),
    path("join/<str:token>/", invitation.join, name="join"),
    path("us/principles/", include("couples.principles.urls")),
    path("us/manual/", manual.theirs, name="their_manual"),
    path("us/thirds/", include("couples.thirds.urls")),
    path("me/", me.me, name="me"),
    path("me/clock/phone/", phone_clock.phone_clock, name="phone_clock"),
    path("me/clock/moves/", phone_clock.clock_moves, name="clock_moves"),
    path("me/clock/keepings/", phone_clock.clock_keepings, name="clock_keepings"),
    path("me/reminders/", include("couples.delivery.urls")),
    path("reminders/off/", reminders.reminder_off, name="reminder_off"),
    path("me/manual/", include("couples.manual.urls")),
    path("safety/", safety.safety, name="safety"),
    path("learn/", learn.learn, name="learn"),
    *(
        path(f"learn/{each.slug}/", learn.lesson, {"lesson": each}, name=each.name)
        for each in LESSONS
    ),
    path("leaving-quickly/", leaving.leave_quickly, name="leave_quickly"),
    path("leaving-quickly/back/", leaving.come_back, name="come_back"),
    path("sw.js", reminders.service_worker, name="service_worker"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
