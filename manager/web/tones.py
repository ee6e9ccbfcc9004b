"""The colour of a person or an organization. It says nothing; the same one always gets the same."""

TONES = ("blue", "teal", "amber", "violet", "green", "pink")


def tone_of(pk: int | None) -> str:
    """One of `TONES`, by the id; neutral for nobody."""
    return TONES[pk % len(TONES)] if pk else "neutral"
