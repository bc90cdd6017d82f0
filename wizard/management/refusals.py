"""A command that cannot read or write what it needs ends with a sentence, not with a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError

from wizard.storing import in_a_line, trouble_with_file


@contextmanager
def in_a_sentence() -> Iterator[None]:
    """Raises CommandError for a database that cannot be used, and for files that cannot be written."""
    try:
        yield
    except DatabaseError as error:
        words = in_a_line(error)
        raise CommandError(f"The database cannot be used. {words}{'' if words.endswith('.') else '.'}") from error
    except OSError as error:
        trouble = trouble_with_file(error)
        more = f" {trouble.what}. {trouble.remedy}" if trouble else ""
        place = error.filename or settings.DATA_DIR
        raise CommandError(f"{place} cannot be written: {error.strerror or error}.{more}") from error
