"""Imports every table, so that SQLModel.metadata is complete. Imported by app.py and the migrations only."""

from assessments import models as assessments
from registry.accounts import models as accounts
from registry.mail import models as mail

__all__ = ["accounts", "assessments", "mail"]
