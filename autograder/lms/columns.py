"""Recognising the columns of a platform's table, in any language.

The names are those of Canvas, Moodle, Blackboard, Brightspace and Google Classroom, and of Moodle's
language packs. Where a name is not known, the cells decide: e-mail addresses have an @, Moodle's
participants are a word and a number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Literal

Role = Literal[
    "id", "login", "sis", "number", "org", "email", "first", "last", "full", "participant",
    "canvas", "section", "group", "hours",
]  # fmt: skip
Row = Mapping[str, str]

NAMES: Mapping[Role, str] = {
    "login": "sisloginid loginid login username benutzername anmeldename nomdutilisateur "
    "nombredeusuario nomedeusuario nomeutente gebruikersnaam brukernavn brugernavn anvandarnamn",
    "sis": "sisuserid",
    "number": "idnumber idnummer studentid studentnumber matrikelnummer matrikelnr numerodid "
    "numerodidentification numerodeid numerodiid",
    "org": "orgdefinedid",
    "email": "email emailaddress emailadresse mail adressedecourriel adresseemail courriel "
    "direcciondecorreo correoelectronico enderecodeemail indirizzoemail emailadres epostadresse "
    "epost mailadresse epostadress",
    "first": "firstname givenname vorname prenom nombre nome voornaam fornavn fornamn",
    "last": "lastname surname familyname nachname nom apellidos apellidoss cognome sobrenome "
    "apelido achternaam etternavn efternavn efternamn",
    "full": "fullname name vollstandigername nomcomplet nombrecompleto nomecompleto volledigenaam "
    "fulltnavn fuldenavn fullstandigtnamn",
    "participant": "identifier kennung identifiant identificador identificatore",
    "section": "section sections",
    "group": "group groupname gruppe groupe grupo gruppo groep grupp",
    "hours": "extrahours",
}
_ROLES = {name: role for role, names in NAMES.items() for name in names.split()}
PARTICIPANT = re.compile(r"\D*?(\d+)")
_PARTICIPANT_CELL = re.compile(r"\D*[^\W\d_]{3}\D*\d+")
MOST = 0.8  # of the cells that are not empty


def plain(name: str) -> str:
    """Return a column's name in lower case, without accents, spaces and punctuation.

    >>> plain("E-Mail-Adresse"), plain("Prénom")
    ('emailadresse', 'prenom')
    """
    spelled = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[\W_]", "", "".join(c for c in spelled if not unicodedata.combining(c)))


def roles_of(header: Sequence[str], rows: Sequence[Row]) -> dict[Role, str]:
    """Return the column for each role."""
    found: dict[Role, str] = {}
    if {"Student", "ID", "Section"} <= set(header):  # Canvas's gradebook
        found["canvas"] = "ID"
    elif _holds_participants(header[0], rows):
        found["participant"] = header[0]
    for name in header:
        role = "id" if name == "id" else _ROLES.get(plain(name))
        if (
            role == "participant"
            and "participant" not in found
            and not _all(rows, name, re.compile(r"\D*\d+"))
        ):
            continue
        if role and role not in found and name not in found.values():
            found[role] = name
    if "email" not in found:
        address = re.compile(r"[^@\s]+@[^@\s]+")
        addresses = [name for name in header if _all(rows, name, address)]
        if addresses:
            found["email"] = addresses[0]
    return found


def _holds_participants(column: str, rows: Sequence[Row]) -> bool:
    """Return whether a table's first column is Moodle's: "Participant 17" in some language."""
    unknown = column != "id" and _ROLES.get(plain(column)) in {None, "participant"}
    return unknown and _all(rows, column, _PARTICIPANT_CELL)


def _all(rows: Sequence[Row], column: str, form: re.Pattern[str]) -> bool:
    cells = [row[column] for row in rows if row.get(column)]
    fits = sum(form.fullmatch(cell) is not None for cell in cells)
    return bool(cells) and fits >= MOST * len(cells)


def participant(cell: str) -> str:
    """Return the number in Moodle's "Participant 17", "Teilnehmer/in17", or the empty string."""
    match = PARTICIPANT.fullmatch(cell.strip())
    return match[1] if match else ""


def number_in(cell: str) -> float | None:
    """Return the number in a cell, with a decimal comma or point; None where there is none.

    >>> number_in("1,5"), number_in("100.00"), number_in("-")
    (1.5, 100.0, None)
    """
    text = cell.strip().replace("\u00a0", "").replace(" ", "")
    if re.fullmatch(r"[+-]?\d+,\d+", text):
        text = text.replace(",", ".")
    return float(text) if re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)", text) else None
