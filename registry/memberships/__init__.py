"""Membership of the club: routes under /memberships."""
