"""This file holds a person at a browser: reads, types, presses, by what is written there."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Locator, Page, expect


class Person:
    """Somebody with one page open. What a browser complains of is kept in `complaints`.

    The tolerant pass over refused and lost requests, of which the console tells too: a refusal
    is an answer with 400 or 409.
    """

    def __init__(self, page: Page, *, tolerant: bool = True, runs_script: bool = True) -> None:
        self.page = page
        self.tolerant = tolerant
        self.runs_script = runs_script
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        is_refusal = message.text.startswith("Failed to load resource")
        if message.type in {"error", "warning"} and not (self.tolerant and is_refusal):
            self.complaints.append(message.text)

    def sign_in(self, email: str, password: str) -> None:
        """Sign in at the page that asks for it."""
        if "/login" not in self.page.url:
            self.page.goto("/login")
        self.type("E-mail", email)
        self.type("Password", password)
        self.press("Sign in")
        expect(self.page.get_by_role("button", name="Sign out").first).to_be_attached()

    def go_home(self) -> None:
        """Open my work."""
        self.page.goto("/")

    def find_partner(self, name: str) -> None:
        """Look a partner up in the list and open its page."""
        self.page.goto("/partners")
        self.type("Name or number", name)
        self.press("Find")
        self.follow(name)
        self.reads_heading_of_partner(name)

    def reads_heading_of_partner(self, name: str) -> None:
        """Expect the bar that says which partner this is."""
        expect(self.page.get_by_role("region", name="Partner", exact=True)).to_contain_text(name)

    def press(self, name: str) -> None:
        """Press a button; sometimes it is drawn from a link."""
        button = self.main.get_by_role("button", name=name, exact=True)
        link = self.main.get_by_role("link", name=name, exact=True)
        button.or_(link).first.click()

    def go_to_place(self, name: str) -> None:
        """Open one of the places of the partner that the page is about."""
        places = self.page.get_by_role("navigation", name="Places of this partner")
        places.get_by_role("link", name=name, exact=True).click()

    def open_duty(self, partner: str) -> None:
        """Open from home what waits about a partner."""
        self.go_home()
        row = self.main.get_by_role("listitem").filter(has_text=partner)
        row.get_by_role("link").first.click()

    def follow(self, name: str) -> None:
        """Follow a link of the content."""
        self.main.get_by_role("link", name=name).first.click()

    def type(self, label: str, text: str) -> None:
        """Type into the field of that label, in place of what stands there."""
        self.field(label).fill(text)

    def choose(self, group: str, answer: str) -> None:
        """Choose the answer of a question that begins so; tick it where several may be."""
        beginning = re.compile(rf"^{re.escape(answer)}")
        choices = self.group(group)
        radio = choices.get_by_role("radio", name=beginning)
        radio.or_(choices.get_by_role("checkbox", name=beginning)).first.check()

    def tick(self, label: str) -> None:
        """Tick a box that stands alone."""
        self.field(label).check()

    def pick(self, label: str, option: str) -> None:
        """Pick one line of a list."""
        self.field(label).select_option(label=option)

    def type_day(self, group: str, day: date) -> None:
        """Type a day into its three boxes."""
        boxes = self.group(group)
        for label, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            boxes.get_by_label(label).fill(str(number))

    def attach(self, label: str, name: str, content: bytes, media_type: str) -> None:
        """Choose a file."""
        self.field(label).set_input_files({"name": name, "mimeType": media_type, "buffer": content})

    def reads_heading(self, text: str | re.Pattern[str]) -> None:
        """Expect the page's heading."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(text)

    def reads(self, *texts: str) -> None:
        """Expect words of the content."""
        for text in texts:
            expect(self.main).to_contain_text(text)

    def does_not_read(self, *texts: str) -> None:
        """Expect that the content says nothing of the kind."""
        for text in texts:
            expect(self.main).not_to_contain_text(text)

    def cannot_press(self, name: str) -> None:
        """Expect neither button nor link of that name."""
        expect(self.main.get_by_role("button", name=name, exact=True)).to_have_count(0)
        expect(self.main.get_by_role("link", name=name, exact=True)).to_have_count(0)

    def is_told(self, text: str) -> None:
        """Expect the summary of what is wrong, with these words, and the focus on it."""
        summary = self.page.get_by_role("alert").filter(has=self.page.get_by_role("list"))
        expect(summary).to_contain_text(text)
        if self.runs_script:
            expect(summary).to_be_focused()

    def photograph(self, path: Path) -> None:
        """Keep a picture of the whole page."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path, full_page=True)

    @property
    def main(self) -> Locator:
        """The content, without head and foot."""
        return self.page.get_by_role("main")

    def field(self, label: str) -> Locator:
        """Return the field whose label begins so."""
        return self.main.get_by_label(re.compile(rf"^{re.escape(label)}")).first

    def group(self, legend: str) -> Locator:
        """Return the question whose legend begins so."""
        return self.main.get_by_role("group", name=re.compile(rf"^{re.escape(legend)}"))
