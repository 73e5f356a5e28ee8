"""Imports every table, so that SQLModel.metadata is complete. Imported by app.py and the migrations only."""

from assessments import models as assessments
from registry.accounts import factor_models as factors
from registry.accounts import models as accounts
from registry.accounts import security_models as security
from registry.company import models as company
from registry.mail import models as mail

__all__ = ["accounts", "assessments", "company", "factors", "mail", "security"]
