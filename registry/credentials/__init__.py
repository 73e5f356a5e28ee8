"""Certificates as signed credentials that anybody can check, and the lists that say which count no more."""
