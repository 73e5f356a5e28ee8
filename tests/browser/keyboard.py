"""A person who has a keyboard and nothing else: Tab, arrows, Enter and letters; they see where they are."""

from typing import Any

from playwright.sync_api import Page

FARTHEST = 250  # presses of Tab after which a thing counts as out of reach
SEEN = """async wanted => {
    const here = document.activeElement, look = getComputedStyle(here), label = here.closest("label");
    const around = label ? getComputedStyle(label) : look;
    const inside = () => { const box = here.getBoundingClientRect(); return box.bottom > 0 && box.top < innerHeight; };
    for (let frame = 0; frame < 60 && !inside(); frame++) await new Promise(requestAnimationFrame);  // it scrolls there
    return {
        there: here.matches(wanted),
        end: here === document.body,
        name: here.outerHTML.slice(0, 120),
        outlined: [look, around].some(one => one.outlineStyle !== "none" && parseFloat(one.outlineWidth) > 0),
        inside: inside(),
    };
}"""


class Keyboard:
    """The keys of one page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            self.page.keyboard.press(key)

    def reach(self, wanted: str, key: str = "Tab") -> None:
        """Press Tab until the focus is on what a selector says; everything on the way shows that it has the focus."""
        for _ in range(FARTHEST):
            if self.step(wanted, key)["there"]:
                return
        raise AssertionError(f"{wanted} cannot be reached on {self.page.url}")

    def stops(self) -> int:
        """Press Tab from the beginning of the page to its end; how many things had the focus."""
        for count in range(FARTHEST):
            if self.step("nothing", "Tab")["end"]:
                return count
        raise AssertionError(f"{self.page.url} does not let go of the focus")

    def step(self, wanted: str, key: str) -> dict[str, Any]:
        """Press Tab once: where the focus is now, and whether that is the wanted place or the end of the page."""
        self.press(key)
        seen: dict[str, Any] = self.page.evaluate(SEEN, wanted)
        if not seen["end"]:
            assert seen["outlined"], f"no outline on {seen['name']} of {self.page.url}"
            assert seen["inside"], f"focus out of the window on {seen['name']} of {self.page.url}"
        return seen

    def write(self, wanted: str, text: str) -> None:
        """Go to a field and replace what stands in it."""
        self.reach(wanted)
        self.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, name: str, value: str) -> None:
        """Go to a group of radio buttons and take the one with this value."""
        self.reach(f"[name='{name}']")
        self.press("Space")
        for _ in range(20):
            if self.page.evaluate("() => document.activeElement.value") == value:
                return
            self.press("ArrowDown")
        raise AssertionError(f"{name} has no {value}")

    def go(self, wanted: str, key: str = "Enter") -> None:
        """Go to a link or button and press it; the next page opens."""
        self.reach(wanted)
        self.go_on(key)

    def go_on(self, key: str = "Enter") -> None:
        """Press a key that opens another page."""
        with self.page.expect_navigation() as opened:
            self.press(key)
        assert opened.value is not None
        assert opened.value.status < 400, f"{self.page.url} answered {opened.value.status}"
