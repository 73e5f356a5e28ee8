"""The mark to put on other sites: a picture that says by itself what the certificate is worth today."""

from registry.badges.status import Badge, badge_of, status_of

__all__ = ["Badge", "badge_of", "status_of"]
