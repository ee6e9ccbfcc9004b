from django.db import models
from django.db.models.functions import Now


class Mail(models.Model):
    """A mail that must leave once. The key says why it is sent; the text is erased when it has left."""

    key = models.CharField(max_length=200, unique=True)
    to = models.EmailField(max_length=254)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    run_after = models.DateTimeField(db_default=Now())
    attempt = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index("run_after", condition=models.Q(sent_at=None), name="mail_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"
