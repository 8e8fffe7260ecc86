"""Every pair of colours that stands on a page can be read, in both themes (WCAG 2.2 AA)."""

import re
from math import cos, radians, sin
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "static" / "css" / "tokens.css"
TOKEN = re.compile(r"--([a-z-]+): oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)")

TEXT = 4.5
CONTROL = 3.0

GROUNDS = ("paper", "card", "sunk", "tint")
PAIRS = [
    *(("ink", ground, TEXT) for ground in GROUNDS),
    *(("soft", ground, TEXT) for ground in GROUNDS),
    # Links of the bar and of the desk; clay words never stand on sunk ground.
    *(("clay", ground, TEXT) for ground in ("paper", "card")),
    *(("danger", ground, TEXT) for ground in ("paper", "card")),
    ("on-clay", "clay", TEXT),
    ("on-us", "us", TEXT),
    ("paper", "ink", TEXT),  # a chosen answer
    # Edges, signs, dots, the ring of the focus.
    *((mark, ground, CONTROL) for mark in ("edge", "us", "clay") for ground in GROUNDS),
    *(("waiting", ground, CONTROL) for ground in ("paper", "card", "sunk", "tint")),
]

Colour = tuple[float, float, float]


def tokens() -> dict[str, dict[str, Colour]]:
    """The colours of tokens.css by theme; the dark ones stand after the media query."""
    light, dark = TOKENS.read_text().split("prefers-color-scheme: dark", maxsplit=1)
    return {name: read(part) for name, part in {"light": light, "dark": dark}.items()}


def read(css: str) -> dict[str, Colour]:
    """Lightness (0 to 1), chroma and hue (degrees) of each colour named in a piece of CSS."""
    return {
        found[1]: (float(found[2]), float(found[3]), float(found[4]))
        for found in TOKEN.finditer(css)
    }


def luminance(colour: Colour) -> float:
    """Relative luminance (0 to 1) of an OKLCH colour, cut to what an sRGB screen can show.

    Matrices: Björn Ottosson, "A perceptual color space for image processing" (2020).
    """
    lightness, chroma, hue = colour
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    red, green, blue = (min(1.0, max(0.0, part)) for part in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """The WCAG contrast ratio of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert contrast((0, 0, 0), (1, 0, 0)) == pytest.approx(21, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
def test_a_pair_can_be_read(theme: str, front: str, ground: str, least: float) -> None:
    colours = tokens()[theme]
    assert contrast(colours[front], colours[ground]) >= least


def test_both_themes_name_the_same_colours() -> None:
    themes = tokens()
    assert themes["light"].keys() == themes["dark"].keys()
