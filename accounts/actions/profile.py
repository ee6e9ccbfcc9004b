from accounts.models import User


def prefer(user: User, *, theme: str | None = None, sidebar: str | None = None) -> None:
    """The person sees the portal in this theme and with this sidebar, on every device."""
    if theme is not None:
        user.theme = theme
    if sidebar is not None:
        user.sidebar_collapsed = sidebar == "collapsed"
    user.save(update_fields=["theme", "sidebar_collapsed"])


def rename(user: User, *, first_name: str, last_name: str) -> None:
    user.first_name, user.last_name = first_name, last_name
    user.save(update_fields=["first_name", "last_name"])


def finish_tour(user: User) -> None:
    """The tour no longer starts by itself."""
    user.tour_seen = True
    user.save(update_fields=["tour_seen"])
