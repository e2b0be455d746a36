"""Builders for tests."""

from hocvuso.skills.models import Framework, Skill, SkillGroup


def make_framework(slug: str = "citizen", version: str = "1", groups: int = 2, skills: int = 2) -> Framework:
    """A framework with groups "0", "1" … and skills "0.1", "0.2" …"""
    framework = Framework.objects.create(slug=slug, version=version, title=f"Khung {slug}", content_hash="-")
    for row in range(groups):
        group = SkillGroup.objects.create(
            framework=framework, code=str(row), title=f"Nhóm {row}", position=row
        )
        Skill.objects.bulk_create(
            Skill(
                group=group, code=f"{row}.{column + 1}", title=f"Kỹ năng {row}.{column + 1}", position=column
            )
            for column in range(skills)
        )
    return framework


def make_skill(code: str = "0.1", framework: Framework | None = None) -> Skill:
    owner = (
        framework
        or Framework.objects.filter(slug="citizen", current=True).first()
        or make_framework(groups=1)
    )
    group, _ = SkillGroup.objects.get_or_create(
        framework=owner,
        code=code.split(".")[0],
        defaults={"title": "Nhóm", "position": int(code.split(".")[0])},
    )
    skill, _ = Skill.objects.get_or_create(
        group=group, code=code, defaults={"title": f"Kỹ năng {code}", "position": 0}
    )
    return skill
