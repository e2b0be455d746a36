"""Frameworks as content files: `frameworks/<slug>.yaml`."""

from collections.abc import Iterable, Sequence

from hocvuso.base.content import Head, Kind, Library, Outcome, Parsed, Problem, Shape, dump_model
from hocvuso.skills.models import Framework, Skill, SkillGroup


class SkillShape(Shape):
    code: str
    title: str
    title_en: str = ""
    meaning: str = ""
    meaning_en: str = ""
    official: bool = False
    digcomp: str = ""
    required_for: list[str] = []


class GroupShape(Shape):
    code: str
    title: str
    title_en: str = ""
    skills: list[SkillShape]


class FrameworkShape(Head):
    slug: str
    version: str
    title: str
    title_en: str = ""
    official: bool
    audiences: list[str]
    groups: list[GroupShape]

    def skill_codes(self) -> set[str]:
        return {skill.code for group in self.groups for skill in group.skills}


def check_frameworks(parsed: Sequence[Parsed[FrameworkShape]], library: Library) -> Iterable[Problem]:
    for one in parsed:
        seen: set[str] = set()
        for row, group in enumerate(one.model.groups):
            for column, skill in enumerate(group.skills):
                if skill.code in seen:
                    where = ("groups", row, "skills", column, "code")
                    yield one.document.problem(where, f"the code {skill.code} stands twice")
                seen.add(skill.code)


def load_framework(one: Parsed[FrameworkShape]) -> Outcome:
    """A new version stands beside the old one; the same version with other words is changed in place."""
    model = one.model
    known = Framework.objects.filter(slug=model.slug, version=model.version).first()
    if known and known.content_hash == one.content_hash and known.current:
        return "same"
    Framework.objects.filter(slug=model.slug, current=True).exclude(version=model.version).update(
        current=False
    )
    framework, created = Framework.objects.update_or_create(
        slug=model.slug,
        version=model.version,
        defaults={
            **model.model_dump(include={"title", "title_en", "official", "audiences"}),
            "current": True,
            "head": model.head(),
            "content_hash": one.content_hash,
        },
    )
    for row, shape in enumerate(model.groups):
        group, _ = SkillGroup.objects.update_or_create(
            framework=framework,
            code=shape.code,
            defaults={"title": shape.title, "title_en": shape.title_en, "position": row},
        )
        for column, skill in enumerate(shape.skills):
            Skill.objects.update_or_create(
                group=group,
                code=skill.code,
                defaults={**skill.model_dump(exclude={"code"}), "position": column},
            )
    return "added" if created else "changed"


def export_frameworks() -> Iterable[tuple[str, str]]:
    for framework in Framework.objects.filter(current=True).prefetch_related("groups__skills"):
        groups = [
            {
                **{name: getattr(group, name) for name in ("code", "title", "title_en")},
                "skills": [
                    {name: getattr(skill, name) for name in SkillShape.model_fields}
                    for skill in group.skills.all()
                ],
            }
            for group in framework.groups.all()
        ]
        fields = {
            name: getattr(framework, name)
            for name in ("slug", "version", "title", "title_en", "official", "audiences")
        }
        shape = FrameworkShape.model_validate({**fields, **framework.head, "groups": groups})
        yield f"frameworks/{framework.slug}.yaml", dump_model(shape)


KINDS = [
    Kind(
        "frameworks",
        "frameworks/*.yaml",
        FrameworkShape,
        load_framework,
        export_frameworks,
        check=check_frameworks,
    ),
]
