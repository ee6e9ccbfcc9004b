from accounts.models.mail import Mail
from accounts.models.notification import Notification
from accounts.models.security_event import SecurityEvent
from accounts.models.user import User

__all__ = ["Mail", "Notification", "SecurityEvent", "User"]
