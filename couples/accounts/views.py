"""The pages of an account that the library does not have."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm
from allauth.account.views import BaseReauthenticateView
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from couples.access import anyone, enter, person
from couples.accounts import moving
from couples.accounts.fresh import CodeProcess, is_fresh
from couples.models import AddressChange


class ReauthenticateByCode(BaseReauthenticateView):  # type: ignore[misc]
    """Still you? By a code to the present address, for accounts that have nothing else."""

    form_class = ConfirmLoginCodeForm
    template_name = "account/reauthenticate_code.html"
    process: CodeProcess | None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send a code to whoever comes without one; who has just answered goes on."""
        if is_fresh(request):  # a second tap: the first has used the code up
            return redirect(self.get_success_url())
        self.process = CodeProcess.resume(request)  # type: ignore[arg-type]
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show where the code went."""
        if self.process is None and self._may_send():
            self.process = CodeProcess.begin(request)  # type: ignore[arg-type]
        answer: HttpResponse = super().get(request, *args, **kwargs)
        return answer

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Take a code, or send another one."""
        if self.process is None:
            return self._here()
        if request.POST.get("action") == "resend":
            if self.process.can_resend and self._may_send():
                self.process.resend()
            return self._here()
        answer: HttpResponseBase = super().post(request, *args, **kwargs)
        return answer

    def get_form_kwargs(self) -> dict[str, Any]:
        """Compare with the code that was sent."""
        return {**super().get_form_kwargs(), "code": self.process.code if self.process else ""}

    def form_valid(self, form: ConfirmLoginCodeForm) -> HttpResponse:
        """Go on to where the person was going."""
        if self.process:
            self.process.finish()
        answer: HttpResponse = super().form_valid(form)
        return answer

    def form_invalid(self, form: ConfirmLoginCodeForm) -> HttpResponseBase:
        """Say so; after three wrong ones the code is over, and another one comes."""
        if self.process and self.process.record_invalid_attempt():
            answer: HttpResponseBase = super().form_invalid(form)
            return answer
        messages.error(self.request, _("That wasn't it three times. Here is another code."))
        return self._here()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name things as the library's pages for codes do."""
        shows: dict[str, Any] = super().get_context_data(**kwargs)
        shows["verify_form"] = shows["form"]
        shows["email"] = self.process.address if self.process else self.request.user.email
        shows["can_resend"] = self.process is not None and self.process.can_resend
        shows["sent"] = self.process is not None
        shows["cancel_url"] = reverse("today")
        return shows

    def _may_send(self) -> bool:
        key = f"again-{self.request.user.pk}"
        if ratelimit.consume(self.request, action="request_login_code", key=key):
            return True
        messages.error(self.request, _("That were several codes. Please wait a minute."))
        return False

    def _here(self) -> HttpResponse:
        return redirect(self.passthrough_next_url(self.request.path))


reauthenticate_by_code = enter(person)(
    sensitive_post_parameters("code")(ReauthenticateByCode.as_view())
)


@enter(anyone)
@require_http_methods(["GET", "HEAD", "POST"])
def taking_back(request: HttpRequest, token: str) -> HttpResponse:
    """Give an account back to the address it had; by POST alone, as mail scanners only GET.

    Whoever holds the link reads the old mailbox, so it works for somebody who is signed out.
    """
    try:
        change = AddressChange.find(token)
    except AddressChange.DoesNotExist:
        return render(request, "account/address_link_over.html", status=404)
    if request.method != "POST":
        shows = {"address": change.old_address, "done": change.taken_back_at is not None}
        return render(request, "account/address_taking_back.html", shows)
    try:
        moving.take_back(change)
    except moving.AddressTaken as refused:
        messages.error(request, str(refused))
        return redirect("account_request_login_code")
    if request.user.is_authenticated and request.user.pk == change.person_id:
        logout(request)
    messages.success(request, _("Your address is back. Sign in with a code sent to it."))
    return redirect("account_request_login_code")
