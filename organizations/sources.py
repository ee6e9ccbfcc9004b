"""How a grant is told: the columns that are read of its row, and what people are told of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import CharField, F, Value
from django.db.models.functions import Coalesce, Concat, NullIf, Trim

from organizations.decisions import Source


def told(team: F | Value) -> dict[str, Any]:
    """The columns, of a grant of any of the four tables, for `values` or for JSON; `team` says where its name is."""
    name = Trim(Concat("granted_by__first_name", Value(" "), "granted_by__last_name"))
    # As the person is called everywhere; nothing once they are gone.
    by = Coalesce(NullIf(name, Value("")), "granted_by__email", Value(""), output_field=CharField())
    columns = {"codename": F("permission__codename"), "at": F("granted_at"), "until": F("expires_at")}
    return {"by": by, "team": team} | columns


def source_of(row: Mapping[str, Any]) -> Source:
    """Of a row with these columns; JSON has its moments as texts."""
    at, until = (datetime.fromisoformat(at) if isinstance(at, str) else at for at in (row["at"], row["until"]))
    return Source(row["by"], at, until, row["team"] or "")
