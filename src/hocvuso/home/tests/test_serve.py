"""What a start of the product does again, and what it leaves alone."""

from pathlib import Path
from typing import Any

import pytest

from hocvuso.home.management.commands import serve
from hocvuso.home.management.commands.serve import collect_static
from hocvuso.learning.tests.make import make_lesson

PLAIN = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@pytest.fixture
def source(settings: Any, tmp_path: Path) -> Path:
    """A file to be served, in a project that has no other."""
    (tmp_path / "source").mkdir()
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS = [tmp_path / "source"]
    settings.STATIC_ROOT = str(tmp_path / "static")
    settings.STORAGES = {**settings.STORAGES, **PLAIN}
    file = tmp_path / "source" / "page.css"
    file.write_text("a{}")
    return file


def test_static_files_are_collected_once_and_again_when_one_changed(source: Path, settings: Any) -> None:
    served = Path(settings.STATIC_ROOT) / source.name
    collect_static()
    first = served.read_text()
    served.unlink()
    collect_static()
    untouched = served.exists()

    source.write_text("b{color:red}")
    collect_static()

    assert (first, untouched, served.read_text()) == ("a{}", False, "b{color:red}")


@pytest.mark.django_db
def test_content_is_loaded_once_and_again_when_a_file_changed(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAR, settings.CONTENT = tmp_path, tmp_path / "content"
    settings.CONTENT.mkdir()
    file = settings.CONTENT / "mau.yaml"
    file.write_text("slug: mau")
    make_lesson()
    loads: list[str] = []
    monkeypatch.setattr(serve, "call_command", lambda name, **_options: loads.append(name))

    for text in ("slug: mau", "slug: mau", "slug: khac-han"):
        if file.read_text() != text:
            file.write_text(text)
        serve.load_changed_content()

    assert loads == ["content_load", "content_load"]
