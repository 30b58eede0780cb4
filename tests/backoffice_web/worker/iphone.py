"""The worker's pages in an iPhone's engine: what journeys there have in common."""

from dataclasses import dataclass

from tests.backoffice_web.worker.front import COPY_IS_KEPT, Person
from tests.realtime.agency import Agency
from tests.supervised import wait_until
from tests.webdriver import Browser


@dataclass(frozen=True, slots=True)
class IPhone:
    """A browser of the agency's worker."""

    browser: Browser
    agency: Agency

    def open(self, path: str) -> None:
        """Open a page of the agency; an address of its own is opened as it is."""
        front = self.agency.settings.front_url
        self.browser.open(path if path.startswith(front) else f"{front}{path}")

    def sign_in(self, person: Person) -> None:
        """Sign in with the form, and wait until the page has kept its copy for want of network."""
        self.open("/connexion")
        self.fill_sign_in(person)
        self.await_copy()

    def fill_sign_in(self, person: Person) -> None:
        """Fill the form that is shown."""
        self.browser.fill("input[type=email]", person.email)
        self.browser.fill("input[type=password]", person.password)
        self.browser.press("Se connecter")
        wait_until(lambda: "/connexion" not in self.browser.address)

    def await_copy(self) -> None:
        """Wait until the day can be opened without network."""
        wait_until(lambda: self.browser.run(COPY_IS_KEPT))

    def leave_answer(self) -> None:
        """Go back to the day from the full-screen answer."""
        self.browser.press("Revenir à ma journée")
        wait_until(lambda: not self.browser.run("() => document.getElementById('answer').open"))
