"""Made-up wordings of scales: no word of any author's."""

from __future__ import annotations

import json
from typing import Any

from rituals.felt.scales import definitions
from rituals.models import ScaleWording


def sheet(key: str = "csi-4", **instead: Any) -> dict[str, Any]:
    """Return the wording of a scale with made-up items, as its file would hold it."""
    items = [
        {
            "text": f"Made-up question {number}",
            "answers": [[point, f"made-up answer {point}"] for point in range(low, high + 1)],
        }
        for number, (low, high) in enumerate(definitions()[key].ranges, start=1)
    ]
    whole = {
        "scale": key,
        "licence": "Free to use in tests.",
        "source": "Made up here.",
        "items": items,
        **instead,
    }
    return {name: value for name, value in whole.items() if value is not None}


def toml(content: dict[str, Any]) -> str:
    """Return a sheet as TOML; arrays of JSON are arrays of TOML too."""
    lines = []
    for name, value in content.items():
        if name != "items" or not isinstance(value, list):
            lines.append(f"{name} = {json.dumps(value)}")
    for item in content.get("items") or []:
        lines.append("[[items]]")
        lines += [f"{name} = {json.dumps(value)}" for name, value in item.items()]
    return "\n".join(lines)


def offer(key: str = "csi-4") -> ScaleWording:
    """Return the wording of a scale that is offered from now on."""
    return ScaleWording.add(toml(sheet(key)))[0]
