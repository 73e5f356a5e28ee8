"""Intake rounds: routes under /rounds."""
