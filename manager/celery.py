"""The Celery application. A task only wakes a worker; the job row is the truth."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "manager.settings")

from manager.schedule import SCHEDULE

app = Celery("manager")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks()
