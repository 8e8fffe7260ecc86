"""One clock for everything that is due: the database's.

Two processes may disagree about the time by hours; there is one database. Verbs take
`now=None`, which means "ask the database", so that tests and batches can hand in an instant.
"""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """Return the database's present instant, aware, in UTC. Costs one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    return now  # type: ignore[no-any-return]
