from accounts.models.mail import Mail
from accounts.models.security_event import SecurityEvent
from accounts.models.user import User

__all__ = ["Mail", "SecurityEvent", "User"]
