"""The invented customers of the demo website.

Addresses end in example.com or .example (RFC 2606). No Norwegian subscriber number begins with 1, and the
British one is from the range that Ofcom keeps for drama: nobody can be called by accident.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One customer. `written` is how the address stands in older tables, where nobody took care of case."""

    first_name: str
    last_name: str
    email: str
    phone: str
    company: str
    street: str
    postal_code: str
    city: str
    language: str = "nb"
    written: str = ""

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"


INGRID = Person(
    first_name="Ingrid",
    last_name="Solvang",
    email="ingrid.solvang@example.com",
    phone="+47 100 00 101",
    company="Solvang Sjømat AS",
    street="Brattvågveien 12",
    postal_code="6270",
    city="Brattvåg",
    written="Ingrid.Solvang@Example.com",
)

PEOPLE: tuple[Person, ...] = (
    INGRID,
    Person(
        first_name="Øyvind",
        last_name="Ærøy Håkonsen",
        email="øyvind.håkonsen@blåskjell.example",
        phone="100 00 102",
        company="Blåskjell & Sønn",
        street="Sjøgata 3 B",
        postal_code="8300",
        city="Svolvær",
        written="ØYVIND.HÅKONSEN@blåskjell.example",
    ),
    Person(
        first_name="Åse",
        last_name="Bjørnstad",
        email="aase.bjornstad@example.com",
        phone="0047 10000103",
        company="Nordlys Rederi",
        street="Storgata 100",
        postal_code="9008",
        city="Tromsø",
    ),
    Person(
        first_name="Kåre",
        last_name="O'Brien Fløgstad",
        email="kaare.flogstad@example.com",
        phone="+4710000104",
        company="",
        street="Kirkevegen 1",
        postal_code="6065",
        city="Ulsteinvik",
    ),
    Person(
        first_name="Márjá",
        last_name="Nystø",
        email="marja.nysto@example.com",
        phone="10 00 01 05",
        company="Finnmark Fiskemottak",
        street="Havneveien 7",
        postal_code="9750",
        city="Honningsvåg",
    ),
    Person(
        first_name="Fiona",
        last_name="Haldane",
        email="fiona.haldane@example.com",
        phone="+44 7700 900106",
        company="Minch Pelagic Ltd",
        street="2 Pier Road",
        postal_code="IV26 2TT",
        city="Ullapool",
        language="en",
    ),
)
