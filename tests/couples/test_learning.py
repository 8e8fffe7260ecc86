"""Six short pages, for everybody, from where they help."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from couples.learning import LESSONS, Lesson, after
from couples.models import Partner
from tests.conftest import ClientOf

pytestmark = pytest.mark.django_db

LESSON = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)


def words(page: str) -> list[str]:
    """Return the words of the article, without what its sources take."""
    article = page.partition("<article")[2].partition("</article>")[0]
    article = article.partition('<p class="small soft">')[0]
    return re.sub(r"<[^>]*>", " ", article.split("</h1>")[1]).split()


@LESSON
def test_a_page_is_read_in_a_minute_or_two_by_anybody(client: Client, lesson: Lesson) -> None:
    page = client.get(f"/learn/{lesson.slug}/")
    assert page.status_code == 200
    assert 150 <= len(words(page.content.decode())) <= 250


def test_they_are_read_one_after_the_other(client: Client) -> None:
    found = [LESSONS[0]]
    while following := after(found[-1]):
        assert str(following.title) in client.get(f"/learn/{found[-1].slug}/").content.decode()
        found.append(following)
    assert tuple(found) == LESSONS
    assert "Next:" not in client.get(f"/learn/{LESSONS[-1].slug}/").content.decode()


def test_the_list_names_them_all(client: Client) -> None:
    page = client.get("/learn/").content.decode()
    assert [f"/learn/{each.slug}/" in page for each in LESSONS] == [True] * 6


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("/us/", "imperfect"),
        ("/repairs/", "repair"),
        ("/us/thirds/", "thirds"),
        ("/safety/", "what-this-is-not"),
        ("/start/example/", "acting-secure"),
    ],
)
def test_each_is_linked_from_where_it_helps(
    ana: Partner, client_of: ClientOf, path: str, slug: str
) -> None:
    main = client_of(ana).get(path).content.decode().split("<main")[1].split("</main>")[0]
    assert f"/learn/{slug}/" in main


def test_a_partner_keeps_the_rooms_while_reading(
    ana: Partner, client: Client, client_of: ClientOf
) -> None:
    assert 'aria-label="Rooms"' in client_of(ana).get("/learn/hello/").content.decode()
    assert 'aria-label="Rooms"' not in client.get("/learn/hello/").content.decode()
