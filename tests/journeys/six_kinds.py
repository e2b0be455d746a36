"""A test with one question of each kind: the citizens' longest, so that its pages hold the most."""

import shutil
from pathlib import Path
from typing import Any

import yaml

from tests.journeys.conftest import Site

CONTENT = Path(__file__).parents[2] / "content"
KINDS = ("choice", "multiple", "hotspot", "order", "match", "short")
TEST = "sau-kieu"
EACH = 3  # items a kind, of which one is asked
HEAD = {
    "language": "vi",
    "license": "CC-BY-4.0",
    "review": {"by": "Ban biên tập Học Vụ Số", "on": "2026-11-25"},
    "sources": [{"title": "Khung mẫu", "site": "example.org", "checked_on": "2026-11-25"}],
}


def load_six_kinds(site: Site, folder: Path) -> None:
    """Beside all other content; `load_usual_content` takes it away again."""
    shutil.copytree(CONTENT, folder)
    bank = [item for path in sorted(CONTENT.glob("items/citizen/*.yaml")) for item in read(path)["items"]]
    for group, kind in enumerate(KINDS, start=1):
        longest = sorted((item for item in bank if item["kind"] == kind), key=text_length)[-EACH:]
        items = [{**item, "slug": f"{TEST}-{kind}-{place}"} for place, item in enumerate(longest)]
        for item in items:
            item["stem"] = f"{item['stem'][:230]} (thử)"
        write(folder / f"items/{TEST}/{group}.1.yaml", framework=TEST, skill=f"{group}.1", items=items)
    groups = [
        {"code": f"{group}", "title": kind, "skills": [{"code": f"{group}.1", "title": f"Kiểu {kind}"}]}
        for group, kind in enumerate(KINDS, start=1)
    ]
    named = {"slug": TEST, "version": "1", "title": "Sáu kiểu câu hỏi"}
    write(folder / f"frameworks/{TEST}.yaml", **named, official=False, audiences=["official"], groups=groups)
    rules = {"pass_share": 0.7, "retake_after_days": 7, "minutes": 60, "length": len(KINDS)}
    blueprint = {group["code"]: 1 for group in groups}
    write(
        folder / f"tests/{TEST}.yaml",
        **named,
        **rules,
        framework=TEST,
        audience="official",
        blueprint=blueprint,
    )
    site.run("content", "load", str(folder))


def load_usual_content(site: Site) -> None:
    site.run("content", "load")


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


def write(path: Path, **fields: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump({**HEAD, **fields}, allow_unicode=True, sort_keys=False))


def text_length(item: dict[str, Any]) -> int:
    """Of all that the page shows; the reasons are not."""
    if isinstance(item, str):
        return len(item)
    if isinstance(item, dict):
        return sum(text_length(value) for name, value in item.items() if name != "why")
    return sum(map(text_length, item)) if isinstance(item, list) else 0
