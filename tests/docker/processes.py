"""The processes of a supervisor, as the machine sees them."""

from pathlib import Path


def descendants(pid: int) -> set[int]:
    """The process, its children, and theirs."""
    found = {pid}
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            found |= descendants(int(child))
    return found


def is_running(pid: int) -> bool:
    """Whether the process exists and has not ended."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
