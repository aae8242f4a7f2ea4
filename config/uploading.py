"""An upload that is too large is not written down to its end: its reader sees that it is, and refuses it."""

from django.core.files.uploadhandler import FileUploadHandler

from intake.uploads import LARGEST


class NoMoreThanTaken(FileUploadHandler):
    """Stands before the handlers that keep what comes, and passes on no more than shows that it is too much."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= LARGEST else None

    def file_complete(self, file_size: int) -> None:
        return None
