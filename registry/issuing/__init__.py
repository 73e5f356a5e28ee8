"""From a decision to the public, in this order: signed, in the log, on pages and in lists, in letters."""

from registry.issuing.chain import catch_up, due, init_app, play, run, step, turn

__all__ = ["catch_up", "due", "init_app", "play", "run", "step", "turn"]
