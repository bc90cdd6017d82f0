"""`manage.py check`: the catalog's files are as they have to be."""

from typing import Any

from django.core.checks import CheckMessage, Error

from wizard.catalog.loader import CatalogError, load_catalog


def catalog_files(**_kwargs: Any) -> list[CheckMessage]:
    try:
        load_catalog()
    except CatalogError as error:
        return [Error(line, id="wizard.E001") for line in str(error).splitlines()]
    return []
