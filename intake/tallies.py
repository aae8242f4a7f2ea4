# ruff: noqa: S608 - the SQL is of fixed names
"""Triggers that count the open enquiries: each change appends a line, which no other change waits for.

How many there are is the sum of the lines of a status and an owner, true in every transaction; the worker folds
the lines into one of each. What is restricted is not counted here: not everybody may know of it.
"""

from typing import Any

from intake.lifecycle import OPEN

TABLE, LINES = "intake_enquiry", "intake_tally"
STATUSES = ", ".join(f"'{status}'" for status in sorted(OPEN))


def counted(row: str) -> str:
    return f"{row}.status IN ({STATUSES}) AND NOT {row}.restricted"


def line(row: str, number: int) -> str:
    return (
        f"INSERT INTO {LINES} (status, owner, number) SELECT {row}.status, {row}.owner_id, {number} "
        f"WHERE {counted(row)}"
    )


OLD, NEW = line("OLD", -1), line("NEW", 1)
MOVED = "OLD.status <> NEW.status OR OLD.owner_id IS DISTINCT FROM NEW.owner_id OR OLD.restricted <> NEW.restricted"
SQLITE = [
    f"CREATE TRIGGER IF NOT EXISTS {LINES}_insert AFTER INSERT ON {TABLE} WHEN {counted('NEW')} BEGIN {NEW}; END",
    f"CREATE TRIGGER IF NOT EXISTS {LINES}_delete AFTER DELETE ON {TABLE} WHEN {counted('OLD')} BEGIN {OLD}; END",
    f"CREATE TRIGGER IF NOT EXISTS {LINES}_update AFTER UPDATE OF status, owner_id, restricted ON {TABLE} "
    f"WHEN {MOVED.replace('IS DISTINCT FROM', 'IS NOT')} BEGIN {OLD}; {NEW}; END",
]
POSTGRESQL = [
    f"CREATE OR REPLACE FUNCTION {LINES}_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"IF TG_OP <> 'INSERT' THEN {OLD}; END IF; IF TG_OP <> 'DELETE' THEN {NEW}; END IF; RETURN NULL; END $$",
    f"CREATE OR REPLACE TRIGGER {LINES}_insert AFTER INSERT ON {TABLE} FOR EACH ROW "
    f"WHEN ({counted('NEW')}) EXECUTE FUNCTION {LINES}_keep()",
    f"CREATE OR REPLACE TRIGGER {LINES}_delete AFTER DELETE ON {TABLE} FOR EACH ROW "
    f"WHEN ({counted('OLD')}) EXECUTE FUNCTION {LINES}_keep()",
    f"CREATE OR REPLACE TRIGGER {LINES}_update AFTER UPDATE OF status, owner_id, restricted ON {TABLE} "
    f"FOR EACH ROW WHEN ({MOVED}) EXECUTE FUNCTION {LINES}_keep()",
]
# For a table that has rows already.
BEGINNING = (
    f"INSERT INTO {LINES} (status, owner, number) SELECT status, owner_id, COUNT(*) FROM {TABLE} AS kept "
    f"WHERE {counted('kept')} GROUP BY status, owner_id"
)


def install(apps: Any, schema_editor: Any) -> None:
    """A second time is the same as once; a migration that makes the table anew on SQLite calls it again."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def begin(apps: Any, schema_editor: Any) -> None:
    """Count once what stands already, then keep it by the triggers."""
    schema_editor.execute(f"DELETE FROM {LINES}")
    schema_editor.execute(BEGINNING)
    install(apps, schema_editor)


def remove(apps: Any, schema_editor: Any) -> None:
    for name in ("insert", "delete", "update"):
        on = f" ON {TABLE}" if schema_editor.connection.vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {LINES}_{name}{on}")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {LINES}_keep()")
