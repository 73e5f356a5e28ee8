"""Every page of the impartiality committee, gathered on one blueprint; each file holds the routes of one noun."""

from registry.impartiality import figure_routes, log_routes, report_routes
from registry.impartiality.blueprint import bp

__all__ = ["bp", "figure_routes", "log_routes", "report_routes"]
