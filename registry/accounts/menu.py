"""The menu of the workspace: what presses stands on top, the rest in groups.

A page that this site does not have is left out, so that lines of the table may come before pages.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from assessments.people import Actor
from registry.accounts.menu_entries import MENU, Entry, Group

TOP = 3  # entries that always stand in sight
FEW = 4  # a menu of so many entries needs no groups


@dataclass(frozen=True)
class Menu:
    """What one person sees: entries always in sight, and everything in groups behind a disclosure; few need none."""

    top: list[Entry]
    groups: list[tuple[Any, list[Entry]]]

    def here(self, endpoint: str | None, blueprint: str | None) -> Entry | None:
        """The one entry of the page one is on: the page itself before what it lies beneath."""
        entries = [*self.top, *(entry for _label, group in self.groups for entry in group)]
        marked = [entry for entry in entries if entry.mark(endpoint, blueprint)]
        return next((entry for entry in marked if entry.endpoint == endpoint), marked[0] if marked else None)

    def behind(self, endpoint: str | None, blueprint: str | None) -> Entry | None:
        """The entry of the page one is on, where it stands behind the disclosure only."""
        found = self.here(endpoint, blueprint)
        return found if found not in self.top else None


def entries_of(person: Actor | None, has_page: Callable[[str], bool]) -> list[Entry]:
    """Every entry that a person has and this site has a page for, in the order of the table; none for visitors."""
    if person is None:
        return []
    return [entry for entry in MENU if entry.whose(person) and has_page(entry.endpoint)]


def menu_of(person: Actor | None, has_page: Callable[[str], bool]) -> Menu:
    """The menu of a person: flat while it is short, what presses first; otherwise what presses and the groups."""
    found = entries_of(person, has_page)
    if len(found) <= FEW:
        return Menu(sorted(found, key=lambda entry: not entry.top), [])
    top = [entry for entry in found if entry.top][:TOP] or found[:1]
    return Menu(top, [(group.value, list(_of(group, found))) for group in Group if any(_of(group, found))])


def first_of(person: Actor | None, has_page: Callable[[str], bool]) -> Entry:
    """The page that a signed-in person comes to: the first that presses, or the first there is."""
    found = entries_of(person, has_page)
    return next((entry for entry in found if entry.top), found[0])


def _of(group: Group, entries: Iterable[Entry]) -> Iterable[Entry]:
    return (entry for entry in entries if entry.group is group)
