"""The people of the demo data."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    email: str
    first_name: str
    last_name: str
    what: str
    is_staff: bool = False


WEBMASTER = Person("webmaster@demo.example", "Mara", "Keller", "webmaster, administrator of three client organizations")
OWNER = Person("owner@demo.example", "Marie", "Dupont", "legal representative of Atelier Nordwind")
BRUECKNER = Person("brueckner@demo.example", "Jonas", "Brückner", "legal representative of Digitalagentur Brückner")
REBSTOCK = Person("rebstock@demo.example", "Elif", "Rebstock", "legal representative of Weingut Rebstock")
COLLABORATOR = Person("collaborator@demo.example", "Søren", "Lund", "collaborator: few rights, some through a team")
STAFF = Person("staff@demo.example", "Ida", "Falk", "the hosting company's own staff: /staff/health/", is_staff=True)
PEOPLE = (WEBMASTER, OWNER, BRUECKNER, REBSTOCK, COLLABORATOR, STAFF)
