"""What somebody is reminded of, and on which device."""

from __future__ import annotations

from django.urls import path

from couples.delivery import views as reminders

urlpatterns = [
    path("", reminders.reminders, name="reminders"),
    path("now/", reminders.reminder_now, name="reminder_now"),
    path("device/", reminders.reminder_device, name="reminder_device"),
    path("device/removal/", reminders.reminder_device_removal, name="reminder_device_removal"),
]
