"""A database of its own for each run, and for each row a copy of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test.utils import setup_test_environment, teardown_test_environment


@contextmanager
def empty_database() -> Iterator[None]:
    """Hold an empty database with all tables, and remove it at the end."""
    setup_test_environment()
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)
        teardown_test_environment()


@contextmanager
def copy(suffix: str) -> Iterator[BaseDatabaseWrapper]:
    """Hold a copy of the present database and a connection to it; what is asked meanwhile, it is.

    Other connections to the present one must be closed while the copy is made.
    """
    original = connections[DEFAULT_DB_ALIAS]
    original.creation.clone_test_db(suffix=suffix, verbosity=0, autoclobber=True)
    made = original.copy()
    made.settings_dict |= original.creation.get_test_db_clone_settings(suffix)
    try:
        with asking(made):
            yield made
    finally:
        made.close()
        original.creation.destroy_test_db(suffix=suffix, verbosity=0)


@contextmanager
def asking(database: BaseDatabaseWrapper) -> Iterator[None]:
    """Have the models of this thread ask this database."""
    before = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = database
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = before


def address() -> str:
    """Return the DATABASE_URL with which another process reaches the present database."""
    name = str(connections[DEFAULT_DB_ALIAS].settings_dict["NAME"])
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
