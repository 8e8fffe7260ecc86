"""The frame of the house: Today, the first steps, Us, Me, and the ways out."""

from __future__ import annotations

from django.urls import path

from couples.learning import LESSONS
from couples.views import (
    first_steps,
    health,
    invitation,
    learn,
    leaving,
    manual,
    me,
    phone_clock,
    principles,
    reminders,
    safety,
    start,
    thirds,
    today,
    us,
)

urlpatterns = [
    path("", today.today, name="today"),
    path("welcome/", start.welcome, name="welcome"),
    path("start/", start.start, name="start"),
    path("start/mailbox/", first_steps.mailbox, name="start_mailbox"),
    path("start/example/", first_steps.example, name="start_example"),
    path("invitation/", invitation.invitation, name="invitation"),
    path("invitation/taking-back/", invitation.taking_back, name="invitation_taking_back"),
    path("join/<str:token>/", invitation.join, name="join"),
    path("us/", us.us, name="us"),
    path("us/principles/", principles.principles, name="principles"),
    path("us/principles/shelf/", principles.shelf, name="principle_shelf"),
    path("us/principles/new/", principles.proposal, name="principle_new"),
    path("us/principles/<uuid:agreement_id>/", principles.principle, name="principle"),
    path(
        "us/principles/<uuid:agreement_id>/wordings/",
        principles.wordings,
        name="principle_wordings",
    ),
    path(
        "us/principles/<uuid:agreement_id>/history/",
        principles.history,
        name="principle_history",
    ),
    path(
        "us/principles/wordings/<uuid:version_id>/signatures/",
        principles.signatures,
        name="principle_signatures",
    ),
    path(
        "us/principles/wordings/<uuid:version_id>/withdrawals/",
        principles.withdrawals,
        name="principle_withdrawals",
    ),
    path("us/manual/", manual.theirs, name="their_manual"),
    path("us/thirds/", thirds.thirds, name="thirds"),
    path("us/thirds/new/", thirds.new, name="third_new"),
    path("us/thirds/let-go/", thirds.let_go, name="thirds_let_go"),
    path("us/thirds/<uuid:third_id>/", thirds.third, name="third"),
    path("us/thirds/<uuid:third_id>/agreements/", thirds.agreements, name="third_agreements"),
    path("us/thirds/<uuid:third_id>/endings/", thirds.endings, name="third_endings"),
    path("us/thirds/<uuid:third_id>/moments/", thirds.moments, name="third_moments"),
    path("us/thirds/<uuid:third_id>/principles/", thirds.principles, name="third_principles"),
    path("me/", me.me, name="me"),
    path("me/clock/phone/", phone_clock.phone_clock, name="phone_clock"),
    path("me/clock/moves/", phone_clock.clock_moves, name="clock_moves"),
    path("me/clock/keepings/", phone_clock.clock_keepings, name="clock_keepings"),
    path("me/reminders/", reminders.reminders, name="reminders"),
    path("me/reminders/now/", reminders.reminder_now, name="reminder_now"),
    path("me/reminders/device/", reminders.reminder_device, name="reminder_device"),
    path(
        "me/reminders/device/removal/",
        reminders.reminder_device_removal,
        name="reminder_device_removal",
    ),
    path("reminders/off/", reminders.reminder_off, name="reminder_off"),
    path("me/manual/", manual.manual, name="manual"),
    path("me/manual/new/", manual.new, name="manual_new"),
    path("me/manual/<uuid:entry_id>/", manual.entry, name="manual_entry"),
    path("me/manual/<uuid:entry_id>/removal/", manual.removal, name="manual_removal"),
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
