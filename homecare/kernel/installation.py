"""What this installation is for. Decided once, when the database is made; nothing here changes it."""

from homecare.kernel import db


def is_demo(conn: db.Conn) -> bool:
    """Tell whether the database was made for a demonstration: only there may people and days be invented."""
    return bool(db.value(conn, bool, "SELECT demo FROM installation"))
