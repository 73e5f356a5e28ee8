"""Calibration of reviewers: routes under /calibrations."""
