"""What a page is measured by: what the browser complains about, what it asked of whom, and what moved."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Request

from tests.people import World

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
WIDE = {"width": 1440, "height": 1000}
PHONE = {"width": 390, "height": 844}
THEMES = ("light", "dark")
# Shifts of the layout that follow no input, from the first paint on; and what the policy refused.
WATCH = """
globalThis.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
globalThis.refused = [];
document.addEventListener("securitypolicyviolation", (event) => refused.push(event.violatedDirective));
"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Who is to blame for it.
OVERFLOWING = """() => [...document.querySelectorAll("main *")].filter((element) => {
  const box = element.getBoundingClientRect();
  const scrolls = element.closest(".table-frame, .tabs, [popover], .visually-hidden");
  return box.width && box.right > innerWidth + 1 && !scrolls;
}).slice(0, 3).map((element) => element.outerHTML.slice(0, 120))"""


def enter(context: BrowserContext, world: World, person: str, base: str) -> None:
    """The browser belongs to this person, who is signed in."""
    cookie = world.client(person).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": base}])


class Inspector:
    """One page that goes from address to address; `faults` says what is wrong with each."""

    def __init__(self, page: Page, base: str) -> None:
        self.page = page
        self.base = base
        self.faults: list[str] = []
        self.foreign: list[str] = []
        self.axe = Axe()
        page.add_init_script(WATCH)
        page.on("request", self._asked)
        page.on("console", lambda message: message.type == "error" and self._found(f"console: {message.text}"))
        page.on("pageerror", lambda error: self._found(f"script: {error}"))

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and parts.netloc != urlsplit(self.base).netloc:
            self._found(f"asks another host: {request.url}")

    def _found(self, fault: str) -> None:
        self.faults.append(f"{self.page.url.removeprefix(self.base)}: {fault}")

    def open(self, address: str, status: int = 200) -> None:
        """The page as it comes, on a wide screen in the light theme: no shift, nothing refused."""
        answer = self.page.goto(address, wait_until="load")
        assert answer
        if answer.status != status:
            self._found(f"status {answer.status}")
        shift = self.page.evaluate("() => new Promise((r) => requestAnimationFrame(() => setTimeout(() => r(shift))))")
        if shift > 0.02:
            self._found(f"layout shift {shift:.3f}")
        for directive in self.page.evaluate("refused"):
            self._found(f"policy refused {directive}")

    def look(self, themes: tuple[str, ...] = THEMES) -> None:
        """The page that is open is accessible in each theme, and fits a phone."""
        for theme in themes:
            with self.in_theme(theme):
                for violation in self.violations():
                    self._found(f"{theme}: {violation}")
        self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        if (wider := self.page.evaluate(WIDER)) > 0:
            self._found(f"{wider} px too wide for a phone: {self.page.evaluate(OVERFLOWING)}")
        self.page.set_viewport_size(WIDE)  # type: ignore[arg-type]

    @contextmanager
    def in_theme(self, theme: str) -> Iterator[None]:
        self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
        yield
        self.page.emulate_media(color_scheme="light", reduced_motion="reduce")

    def violations(self) -> Iterator[str]:
        options: dict[str, Any] = {"runOnly": {"type": "tag", "values": LEVELS}, "resultTypes": ["violations"]}
        for violation in self.axe.run(self.page, options=options).response["violations"]:
            nodes = "; ".join(" ".join(node["html"].split())[:160] for node in violation["nodes"][:3])
            yield f"axe {violation['id']} ({len(violation['nodes'])}): {nodes}"
