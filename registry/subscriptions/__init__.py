"""Subscriptions: letters and webhooks that tell of changes, for whoever asked and confirmed."""
