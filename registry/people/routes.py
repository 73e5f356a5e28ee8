"""Every page about club people, gathered on one blueprint; each file holds the routes of one noun."""

from registry.people import club_routes, factor_routes, interest_routes, register_routes
from registry.people.blueprint import bp

__all__ = ["bp", "club_routes", "factor_routes", "interest_routes", "register_routes"]
