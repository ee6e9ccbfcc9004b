"""What people send as files: no more of it is kept than the largest that any form takes."""

from django.core.files.uploadhandler import TemporaryFileUploadHandler

MOST_BYTES = 5 * 1024 * 1024


class Bounded(TemporaryFileUploadHandler):
    """Files of a request go to disk, together up to the limit. What exceeds it is read and dropped.

    A little more than the limit is kept, so that the form sees that there is too much.
    """

    kept = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.kept <= MOST_BYTES:
            self.kept += len(raw_data)
            super().receive_data_chunk(raw_data, start)
