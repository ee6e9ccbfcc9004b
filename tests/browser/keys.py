"""Hands that have a keyboard only."""

from playwright.sync_api import Locator, Page

FOCUSED = "element => element === document.activeElement"
# The middle of what has the focus is covered by something that stays in place: a bar, a toast, a button in the corner.
COVERED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return "";
  const box = element.getBoundingClientRect();
  const points = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.2], [0.5, 0.8]];
  const seen = points.some(([x, y]) => {
    const top = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    return top && (element.contains(top) || top.contains(element) || top.closest("label")?.control === element);
  });
  return seen || !box.width ? "" : element.outerHTML.slice(0, 160);
}"""


def tab_to(page: Page, target: Locator, at_most: int = 120) -> None:
    """Tab until it has the focus: it must be on the way, and must not be covered then."""
    for _ in range(at_most):
        if target.evaluate(FOCUSED):
            assert page.evaluate(COVERED) == ""
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached by Tab")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    tab_to(page, target)
    page.keyboard.press(key)


def write(page: Page, target: Locator, text: str) -> None:
    tab_to(page, target)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)
