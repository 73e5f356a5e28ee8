"""The tickets of the public form of complaints, and the codes by which complaints are followed."""

from registry.tickets import Tickets

_tickets = Tickets("complaint")
issue, read, code_of = _tickets.issue, _tickets.read, _tickets.code_of
