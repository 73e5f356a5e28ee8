"""Surveillance of certificates: routes under /surveillance."""
