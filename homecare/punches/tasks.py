"""Tasks of a visit as they are asked about at departure: how the agency takes them, the answers. Pure."""

from enum import StrEnum


class TaskMode(StrEnum):
    """How the agency takes tasks at departure on the telephone."""

    NONE = "none"
    READ = "read"  # each task of the visit is read, answered by one key
    KEYED = "keyed"  # the worker keys the codes of what was done


class TaskAnswer(StrEnum):
    """What became of a task."""

    DONE = "done"
    NOT_DONE = "not_done"
    REFUSED = "refused"  # by the client
