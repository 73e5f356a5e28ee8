"""Every page of accounts, gathered on one blueprint; each file holds the routes of one noun."""

from registry.accounts import (
    account_routes,
    confirm_routes,
    factor_routes,
    invitation_routes,
    personal_routes,
    security_routes,
    sign_in_routes,
    sign_up_routes,
    upkeep_routes,
)
from registry.accounts.blueprint import bp

__all__ = [
    "account_routes",
    "bp",
    "confirm_routes",
    "factor_routes",
    "invitation_routes",
    "personal_routes",
    "security_routes",
    "sign_in_routes",
    "sign_up_routes",
    "upkeep_routes",
]
