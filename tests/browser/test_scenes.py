"""Every stage of a repair in each of its states: nothing for axe to object to, nothing too wide.

`make pictures` keeps what each looks like, in light and dark, for people to look at.
"""

from __future__ import annotations

import pytest

from couples.append_only import retention
from couples.models import Partner
from repairs.models import Repair, RepairAct
from tests.browser.conftest import PHONE, Visits
from tests.browser.scenes import SCENES, play
from tests.browser.test_axe import SCHEMES, Scheme, is_clean
from tests.browser.test_narrow import outside
from tests.browser.test_without import fits
from tests.factories import write_manual

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@SCHEMES
def test_every_stage_in_every_state(
    visit: Visits, ana: Partner, ben: Partner, scheme: Scheme
) -> None:
    write_manual(by=ben, question="helps", text="Sit next to me. Say nothing.", sharing="partner")
    phones = {who.pk: visit(who, scheme=scheme) for who in (ana, ben)}
    for phone in phones.values():
        phone.excuse("404")  # each scene is cleared away before the next
    for name in SCENES:
        scene = play(name, ana, ben)
        phone = phones[scene.viewer.pk]
        phone.open(f"/repairs/{scene.repair.pk}/")
        is_clean(phone)
        fits(phone)
        phone.keep_picture(f"{name}-{scheme}")
        assert not outside(phone), name
        phone.page.set_viewport_size(PHONE)
        with retention():
            RepairAct.objects.all().delete()
        Repair.objects.all().delete()


@SCHEMES
def test_the_pages_around_it(visit: Visits, ana: Partner, ben: Partner, scheme: Scheme) -> None:
    Repair.draft(by=ana, door="i_hurt_you", happened="I forgot to call.", how_much=2)
    play("held", ana, ben)
    play("sent-by-me", ana, ben)
    play("hurt-mine", ana, ben)
    phone = visit(ana, scheme=scheme)
    pages = ("", "new/?door=i_was_hurt", "small/", "part/", "over-time/")
    for page in pages:
        phone.open(f"/repairs/{page}")
        is_clean(phone)
        fits(phone)
        phone.keep_picture(f"page-{page.split('/')[0] or 'repairs'}-{scheme}")
