"""Everything that a document or a letter says has its Welsh, and both catalogues are as they are drawn."""

import re
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from config import catalogue

pytestmark = pytest.mark.own_database


def test_no_string_of_a_document_lacks_its_welsh() -> None:
    assert list(catalogue.faults(catalogue.drawn(catalogue.read()))) == []


def test_the_catalogue_is_as_it_is_drawn() -> None:
    call_command("draw_catalogue", "--check")


def test_a_string_more_and_a_place_lost_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = catalogue.as_po(catalogue.drawn(catalogue.read())).decode()
    less = re.sub(r'(msgid "Our decision"\nmsgstr) "[^"]+"', r'\1 ""', drawn).replace(
        "Ffeil {number}", "Ffeil"
    )
    (tmp_path / "django.po").write_text(less, encoding="utf-8")
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    said = list(catalogue.faults(catalogue.drawn(catalogue.read())))
    assert said == ["other places than in English: 'File {number}'", "not translated: 'Our decision'"]
    with pytest.raises(CommandError, match="2 to be put right"):
        call_command("draw_catalogue", "--check")


def test_a_letter_that_was_changed_in_english_only_is_refused(tmp_path: Path) -> None:
    kind = "message.txt"
    (tmp_path / "cy").mkdir()
    (tmp_path / "cy" / kind).write_text((catalogue.LETTERS / "cy" / kind).read_text())
    (tmp_path / kind).write_text((catalogue.LETTERS / kind).read_text().replace("Sign in", "Please sign in"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(catalogue, "LETTERS", tmp_path)
        assert "the English has changed" in next(catalogue.faults_of_letter(tmp_path / kind))


def test_a_letter_in_english_only_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(catalogue.LETTERS, tmp_path, dirs_exist_ok=True)
    (tmp_path / "cy" / "digest.txt").unlink()
    (tmp_path / "greeting.txt").write_text("Good morning.")
    monkeypatch.setattr(catalogue, "LETTERS", tmp_path)
    said = list(catalogue.faults(catalogue.drawn(catalogue.read())))
    assert said == ["no Welsh letter: digest.txt", "no Welsh letter: greeting.txt"]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('Section("A", [Prose(gettext("B"))])', {"A", "B"}),
        ('_("one " "sentence")', {"one sentence"}),
        ('ngettext("{n} day", "{n} days", n)', {("{n} day", "{n} days")}),
        ("gettext(words)", set()),
    ],
)
def test_what_is_marked_is_found(source: str, found: set[object]) -> None:
    assert set(catalogue.marked(source)) == found
