"""What runs by itself, and how often. Every task may run twice, late or not at all: the next time makes it good."""

from celery.schedules import schedule
from django.conf import settings

SWEEP = schedule(settings.SWEEP_SECONDS)
MINUTE, HOUR, DAY = schedule(60.0), schedule(3600.0), schedule(86400.0)
SCHEDULE = {
    "beat": {"task": "products.tasks.heartbeat", "schedule": schedule(20.0)},
    "sweep-jobs": {"task": "products.tasks.sweep_jobs", "schedule": SWEEP},
    "sweep-bulk": {"task": "products.tasks.sweep_bulk", "schedule": SWEEP},
    "sweep-mail": {"task": "accounts.tasks.sweep_mail", "schedule": SWEEP},
    "sweep-payments": {"task": "billing.tasks.sweep_payments", "schedule": SWEEP},
    "sweep-deliveries": {"task": "billing.tasks.sweep_deliveries", "schedule": SWEEP},
    "end-grants": {"task": "products.tasks.end_grants", "schedule": MINUTE},
    "end-memberships": {"task": "organizations.tasks.end_memberships", "schedule": MINUTE},
    "remind-orders": {"task": "billing.tasks.remind_orders", "schedule": HOUR},
    "expire-orders": {"task": "billing.tasks.expire_orders", "schedule": HOUR},
    "prove-ledger": {"task": "billing.tasks.prove_ledger", "schedule": DAY},
    "purge": {"task": "accounts.tasks.purge", "schedule": DAY},
    "purge-carts": {"task": "billing.purge.purge_carts", "schedule": DAY},
}
