"""Courses, lessons and pathways for tests of every room: published from Markdown, as authors write it."""

from itertools import count
from typing import Any

from hocvuso.learning.engine.lesson import publish
from hocvuso.learning.models import Course, Lesson, Pathway
from hocvuso.skills.models import Skill
from hocvuso.skills.tests.make import make_skill

_numbers = count(1)
HEAD = {
    "language": "vi",
    "license": "CC-BY-4.0",
    "review": {"by": "Ban biên tập mẫu", "on": "2026-11-22"},
    "sources": [{"title": "Nguồn mẫu", "site": "vi-du.vn", "checked_on": "2026-11-22"}],
}
BODY = """\
Mở máy lên, nhìn màn hình.

1. Chạm **Gọi** (1).
2. Nói chuyện.
3. Chạm **Tắt** (2).

```screen
alt: Màn hình gọi điện
items:
  - button: {label: Gọi, mark: 1}
  - button: {label: Tắt, kind: danger, mark: 2}
```

::: tip
Nói to, nói chậm.
:::

```check
question: Muốn gọi thì chạm nút nào?
options:
  - {text: Nút Tắt, why: "Chưa đúng. Nút này dừng cuộc gọi."}
  - {text: Nút Gọi, right: true, why: "Đúng rồi. Nút này bắt đầu cuộc gọi."}
  - {text: Nút nguồn, why: "Chưa đúng. Nút này tắt màn hình."}
```

::: ask
Nhờ con cháu gọi thử một lần.
:::
"""
RIGHT, WRONG = 1, 0


def make_course(slug: str = "", *, lessons: int = 0, **fields: Any) -> Course:
    number = next(_numbers)
    defaults = {
        "slug": slug or f"khoa-mau-{number}",
        "title": f"Khóa mẫu {number}",
        "title_en": f"Sample course {number}",
        "summary": "Học gọi điện.",
        "summary_en": "Learn to call.",
        "icon": "phone",
        "audiences": ["citizen"],
        "position": number,
        "head": {**HEAD, "framework": "citizen"},
        "content_hash": "-",
    }
    course = Course.objects.create(**defaults | fields)
    for _ in range(lessons):
        make_lesson(course)
    return course


def make_lesson(
    course: Course | None = None,
    *,
    slug: str = "",
    skill: Skill | None = None,
    body: str = BODY,
    **fields: Any,
) -> Lesson:
    """The next lesson of `course`; its right choice is RIGHT unless `body` says otherwise."""
    owner, number, published = course or make_course(), next(_numbers), publish(body)
    defaults = {
        "slug": slug or f"bai-mau-{number}",
        "title": f"Bài mẫu {number}",
        "title_en": f"Sample lesson {number}",
        "summary": "Gọi một cuộc điện thoại.",
        "skill": skill or make_skill(),
        "position": owner.lessons.count() + 1,
        "minutes": 5,
        "source_text": body,
        "html": published.html,
        "pages": published.pages,
        "check_question": published.check,
        "head": HEAD,
        "content_hash": "-",
    }
    return Lesson.objects.create(course=owner, **defaults | fields)


def make_pathway(*steps: Course | Lesson, kind: str = "need", **fields: Any) -> Pathway:
    number = next(_numbers)
    names = [step.key if isinstance(step, Lesson) else step.slug for step in steps]
    defaults = {
        "slug": f"loi-di-{number}",
        "title": f"Lối đi mẫu {number}",
        "title_en": f"Sample pathway {number}",
        "icon": "phone",
        "position": number,
        "steps": names,
        "content_hash": "-",
    }
    return Pathway.objects.create(kind=kind, **defaults | fields)
