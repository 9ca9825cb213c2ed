"""The one tree of exceptions, and what pickles are made anew with."""

from __future__ import annotations

# What `typing.TYPE_CHECKING` says, without its import: that would take longer than all of parure.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ._parure import Fault


class ParureError(Exception):
    """What could not be read, done or allowed."""

    code: str
    """Stable, for programs: `not_enough_points`, `money_digits`, …"""
    message: str
    """What is wrong, for people."""
    path: str
    """Which value is wrong: `purchased.lines[0].amount`; empty where it is none in particular."""
    advice: str | None
    """What to write instead."""
    line: int | None
    """The line in the text that was read."""
    column: int | None
    """The column in characters."""
    faults: tuple[Fault, ...]
    """All that were found: of a program there may be several."""

    def __init__(
        self,
        told: str = "",
        *,
        code: str = "",
        message: str = "",
        path: str = "",
        advice: str | None = None,
        line: int | None = None,
        column: int | None = None,
        faults: tuple[Fault, ...] = (),
    ) -> None:
        super().__init__(told)
        self.code = code
        self.message = message or told
        self.path = path
        self.advice = advice
        self.line = line
        self.column = column
        self.faults = faults

    def __reduce__(self) -> tuple[Any, ...]:
        return _made, (type(self), dict(self.__dict__), *self.args)


class ProgramError(ParureError, ValueError):
    """A program has faults."""


class FactError(ParureError, ValueError):
    """What was told is no fact: a wrong value in it, or one that the book can't take."""


class ConflictError(ParureError):
    """Another fact of the same id is in the book already; `path` is the first field that differs."""


class Refused(ParureError):
    """The shop's "no". Nothing has changed."""


class RequestError(ParureError, ValueError):
    """What was asked can't be asked."""


class SnapshotError(ParureError, ValueError):
    """Bytes that are no snapshot, or a damaged one."""


class TableError(ParureError, ValueError):
    """A table has a bad cell, or is none of sales. Nothing has changed; `path` is the column."""

    table: str
    """The table it is about: `sales` or `customers`."""
    row: int | None
    """The row, from 0; none where it is about all rows."""

    def __init__(self, told: str = "", *, table: str = "", row: int | None = None, **keys: Any) -> None:
        super().__init__(told, **keys)
        self.table = table
        self.row = row


class JournalError(ParureError):
    """The file that keeps a book can't be opened, read or written, or there is none. Nothing has changed."""


class BrokenBookError(ParureError):
    """A failure of the library left the book half changed: restore it from its snapshot."""


def _made(maker: Callable[..., Any], keys: dict[str, Any], *args: Any) -> Any:
    """What was pickled, made anew."""
    return maker(*args, **keys)


for _class in (
    ParureError,
    ProgramError,
    FactError,
    ConflictError,
    Refused,
    RequestError,
    SnapshotError,
    TableError,
    JournalError,
    BrokenBookError,
):
    # Where they are found, for messages and pickles.
    _class.__module__ = "parure"
