from django.db import models


class Heartbeat(models.Model):
    """When a part of the portal last showed that it lives. "beat" is written when its tick was sent and run."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
