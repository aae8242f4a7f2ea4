"""What a file is, beside what it says: each of some hundred files is taken or refused for the right reason."""

import io
import resource
import time

import pytest

from intake import uploads
from intake.uploads import Found, Odd, extension_of, inspect
from tests.intake import odd_files
from tests.intake.odd_files import Sent

TAKEN, REFUSED = list(odd_files.taken()), odd_files.refused()
# The bounds of a single look: seconds, and kilobytes of memory over what there was.
SLOWEST, LARGEST = 5, 100 * 1024


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@pytest.mark.parametrize("sent", TAKEN, ids=lambda sent: sent.what)
def test_what_is_in_the_policy_is_taken_as_what_its_name_says(sent: Sent) -> None:
    found = inspect(io.BytesIO(sent.content), sent.name, len(sent.content))
    assert found.kind == uploads.TAKEN[extension_of(sent.name)]


@pytest.mark.parametrize("sent", REFUSED, ids=lambda sent: sent.what)
def test_what_is_not_is_refused_quickly_with_its_reason(sent: Sent) -> None:
    began, before = time.monotonic(), peak()
    with pytest.raises(Odd) as refused:
        inspect(io.BytesIO(sent.content), sent.name, len(sent.content))
    assert refused.value.code == sent.code
    assert time.monotonic() - began < SLOWEST
    assert peak() - before < LARGEST


def test_there_are_eighty_of_them() -> None:
    assert len(REFUSED) >= 80


@pytest.mark.parametrize("pages", [1, 350, 351])
def test_the_pages_of_a_pdf_are_counted(pages: int) -> None:
    content = odd_files.pdf_of(pages)
    assert inspect(io.BytesIO(content), "a.pdf", len(content)) == Found(uploads.PDF, pages)


def test_a_reason_says_nothing_of_what_the_file_is_called_or_holds() -> None:
    for sent in REFUSED:
        with pytest.raises(Odd) as refused:
            inspect(io.BytesIO(sent.content[:1000]), sent.name, len(sent.content))
        assert sent.name not in str(refused.value) or len(sent.name) < 5
        assert str(refused.value).endswith(".")
