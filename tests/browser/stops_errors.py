"""The pages that come when something went wrong."""

from .stops import Stop, at
from .visit import Visit


def _stale_form(visit: Visit) -> None:
    visit.open("/s/link/")
    visit.page.context.clear_cookies(name="csrftoken")
    visit.send()


def _too_much(visit: Visit) -> None:
    """Write more into the form than a server should take."""
    visit.open(f"/{visit.language}/request/right/")
    visit.page.locator("main form").evaluate(
        "form => { const t = document.createElement('textarea'); t.name = 'x'; t.hidden = true;"
        " t.value = 'x'.repeat(13000000); form.append(t); }"
    )
    visit.send()


STOPS = (
    Stop("error-400", at("/{nb}/request/right/?" + "&".join(f"a{n}=" for n in range(350))), status=400),
    Stop("error-403-form", _stale_form, status=403),
    Stop("error-403", at("/desk/staff/"), "handler", status=403),
    Stop("error-404", at("/{nb}/nowhere/"), status=404),
    Stop("error-404-desk", at("/desk/cases/DR-2026-999999-00/"), "handler", status=404),
    Stop("error-413", _too_much, status=413),
    Stop("error-500", at("/broken/"), status=500),
)
