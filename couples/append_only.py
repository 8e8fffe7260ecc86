"""Tables to which rows are only ever added, guarded by the database itself.

A trigger refuses UPDATE and DELETE. Retention and erasure, and nothing else, may pass: they set
`hifirst.retention` for their own transaction (see `retention`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.migrations import RunSQL

FUNCTION = """
CREATE OR REPLACE FUNCTION hifirst_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('hifirst.retention', true) = 'on' THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""


def append_only(table: str) -> RunSQL:
    """Return the migration step that guards `table`."""
    name = f"{table}_append_only"
    return RunSQL(
        f"{FUNCTION} CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION hifirst_append_only();",
        f"DROP TRIGGER {name} ON {table};",
    )


@contextmanager
def retention() -> Iterator[None]:
    """Let this block, and only its transaction, change append-only rows."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL hifirst.retention = 'on'")
        yield
        cursor.execute("SET LOCAL hifirst.retention = 'off'")
