"""A view without a gate is refused before it runs."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from couples.access import anyone, enter

pytestmark = pytest.mark.django_db


def forgotten(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("somebody's words")


urlpatterns = [
    path("forgotten/", forgotten),
    path("declared/", enter(anyone)(lambda _request: HttpResponse("for everybody"))),
    path("leave/", forgotten, name="leave_quickly"),  # the page of an error shows the way out
]


@override_settings(ROOT_URLCONF=__name__)
def test_a_view_that_declares_no_access_is_refused() -> None:
    answer = Client(raise_request_exception=False).get("/forgotten/")
    assert answer.status_code == 500
    assert b"somebody" not in answer.content
    with pytest.raises(ImproperlyConfigured, match="declares no access"):
        Client().get("/forgotten/")
    assert Client().get("/declared/").content == b"for everybody"
