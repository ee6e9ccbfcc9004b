from accounts.models import User


def prefer(user: User, *, theme: str | None = None, sidebar: str | None = None, language: str | None = None) -> None:
    """The person sees the portal in this theme and language, and with this sidebar, on every device."""
    if theme is not None:
        user.theme = theme
    if sidebar is not None:
        user.sidebar_collapsed = sidebar == "collapsed"
    if language is not None:
        user.language = language
    user.save(update_fields=["theme", "sidebar_collapsed", "language"])


def rename(user: User, *, first_name: str, last_name: str) -> None:
    user.first_name, user.last_name = first_name, last_name
    user.save(update_fields=["first_name", "last_name"])


def follow_tour(user: User, step: str) -> None:
    """The tour goes on from this step after a reload, on any device."""
    if user.tour_step != step:
        user.tour_step = step
        user.save(update_fields=["tour_step"])


def finish_tour(user: User) -> None:
    """The tour no longer starts or goes on by itself."""
    user.tour_seen, user.tour_step = True, ""
    user.save(update_fields=["tour_seen", "tour_step"])
