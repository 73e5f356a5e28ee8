"""Why a backup, a restore or a move was not done."""

import click


class Refused(click.ClickException):
    """It cannot be done, and the sentence says why; a command ends with it and with 1."""
