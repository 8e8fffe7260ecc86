"""A phone draws the badge of a notification by its alpha alone."""

import re
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[2]


def test_the_badge_is_one_colour_on_nothing() -> None:
    worker = (ROOT / "templates" / "couples" / "sw.js").read_text()
    named = re.search(r"const badge = \"{% static '([^']+)' %}\"", worker)
    assert named
    assert "{ tag, icon, badge }" in worker
    badge = Image.open(ROOT / "static" / named[1]).convert("RGBA")
    assert badge.size == (96, 96)
    raw = badge.tobytes()
    pixels = [raw[at : at + 4] for at in range(0, len(raw), 4)]
    drawn = [pixel for pixel in pixels if pixel[3] == 255]
    assert {pixel[:3] for pixel in drawn} == {b"\xff\xff\xff"}
    assert len(drawn) > 1000
    assert sum(pixel[3] == 0 for pixel in pixels) > 1000
