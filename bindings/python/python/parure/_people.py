"""What is told of a person, as the constructors of facts take it in keyword arguments; docs/facts.md tells what each field means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Union

if TYPE_CHECKING:
    from ._parure import Birthday


class SetChange(TypedDict, total=False):
    """What comes into a set and what goes out of it; a list stands instead of all that was told before."""

    add: Sequence[str]
    remove: Sequence[str]


class Budget(TypedDict, total=False):
    """Amounts from `least` up to `most`: either or both."""

    least: Decimal | int
    most: Decimal | int


class Relation(TypedDict, total=False):
    """Someone who belongs to a person: another customer, or whoever has no account."""

    kind: str
    customer: str
    name: str
    birthday: Birthday | date
    dates: Mapping[str, Birthday | date]


# What Python evaluates when the package is imported: `X | Y` of texts is no type there.
Set = Union[Sequence[str], SetChange]
Custom = Union[str, int, bool, Decimal, date]


class Profile(TypedDict, total=False):
    """What is told of a person. What is not told stays as it was."""

    name: str
    given: str
    family: str
    other_names: Set
    former_names: Set
    phones: Set
    emails: Set
    wechat: str
    cards: Set
    addresses: Mapping[str, str]
    gender: Literal["female", "male", "other"]
    time_zone: str
    birthday: Birthday | date | None
    dates: Mapping[str, Birthday | date]
    relations: Mapping[str, Relation]
    introduced_by: str
    styles: Set
    metals: Set
    stones: Set
    brands: Set
    motifs: Set
    occasions: Set
    budget: Budget
    sizes: Mapping[str, str]
    allergies: Set
    source: str
    tags: Set
    custom: Mapping[str, Custom]
    notes: str
    forget: Sequence[str]


class Known(TypedDict, total=False):
    """What is known of a person: a `Profile` as a book answers it. Each field may be told again as it is; a fact names at most one other
    customer, so relations to several are told one by one."""

    name: str
    given: str
    family: str
    other_names: tuple[str, ...]
    former_names: tuple[str, ...]
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    wechat: str
    cards: tuple[str, ...]
    addresses: dict[str, str]
    gender: Literal["female", "male", "other"]
    time_zone: str
    birthday: Birthday
    dates: dict[str, Birthday]
    relations: dict[str, Relation]
    introduced_by: str
    styles: tuple[str, ...]
    metals: tuple[str, ...]
    stones: tuple[str, ...]
    brands: tuple[str, ...]
    motifs: tuple[str, ...]
    occasions: tuple[str, ...]
    budget: Budget
    sizes: dict[str, str]
    allergies: tuple[str, ...]
    source: str
    tags: tuple[str, ...]
    custom: dict[str, Any]
    notes: str


# Where they are found, for messages.
for _name in ("SetChange", "Budget", "Relation", "Profile", "Known"):
    globals()[_name].__module__ = "parure"
