"""Every word of a template is marked for translation, and every field of a form has words that can be translated."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

TOP = Path(__file__).resolve().parents[2] / "templates"
# What a telephone's line of code says is no sentence; letters have whole wordings of their own.
TEMPLATES = sorted(path for path in TOP.rglob("*.html") if "allauth/elements" not in path.as_posix())
SAID = re.compile(r'\b(?:aria-label|title|alt|placeholder)="([^"{]*)')
WORD = re.compile(r"[A-Za-z]{2}")
# The same in every language.
NAMES = {"Referral Desk", "rem"}

pytestmark = pytest.mark.own_database


def unmarked(source: str) -> Iterator[str]:
    """The words that stand outside of a mark: between tags, or read out of one."""
    marked = in_tag = in_script = False
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.BLOCK:
            name = token.contents.split()[0]
            if name in ("blocktranslate", "comment"):
                marked = True
            elif name in ("endblocktranslate", "endcomment"):
                marked = False
        elif token.token_type == TokenType.TEXT and not marked:
            tags, shown = "", ""
            for character in token.contents:
                if in_tag or character == "<":
                    tags += character
                    in_tag = character != ">"
                    if not in_tag:
                        in_script = tags.rpartition("<")[2].startswith("script")
                elif not in_script:
                    shown += character
            yield from (
                words for words in [*SAID.findall(tags), re.sub(r"&\w+;", "", shown)] if WORD.search(words)
            )


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(TOP).as_posix())
def test_a_template_has_no_word_that_cannot_be_translated(path: Path) -> None:
    found = [words.strip() for words in unmarked(path.read_text()) if words.strip() not in NAMES]
    assert not found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>{% translate 'Sent' %}</p>", []),
        ("<p>Sent</p>", ["Sent"]),
        ('<nav aria-label="Pages">', ["Pages"]),
        ("<a href=\"{% url 'x' %}\">{% blocktranslate %}Go{% endblocktranslate %}</a> or", [" or"]),
        ("{% comment %}why{% endcomment %}{{ row }}&nbsp;·", []),
    ],
)
def test_what_is_not_marked_is_found(source: str, found: list[str]) -> None:
    assert list(unmarked(source)) == found
