"""The commands of `flask --app registry`: each is loaded when it is asked for, so that web processes load none."""

from importlib import import_module

import click
from flask import Flask
from flask.cli import AppGroup

COMMANDS = {  # name: module and what it is called there
    "audit": "registry.audit.trail_commands:group",
    "backup": "registry.backups.commands:group",
    "case": "registry.audit.commands:group",
    "criteria": "registry.criteria.commands:group",
    "db": "registry.db_commands:database",
    "demonstration": "registry.demonstration.commands:group",
    "doctor": "registry.doctor.commands:command",
    "fsck": "registry.fsck:command",
    "identity": "registry.identities.commands:group",
    "issuing": "registry.issuing.commands:group",
    "issuing-body": "registry.issuing.commands:body_group",
    "keys": "registry.resealing:keys_and_reseal",
    "products": "registry.products.commands:group",
    "publish": "registry.copies.commands:command",
    "users": "registry.accounts.commands:group",
    "worker": "registry.worker_commands:work",
}


class Commands(AppGroup):
    """Every command by its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names, in order; nothing is loaded for that."""
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, loaded now; None where there is none."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        found: click.Command = getattr(import_module(module), attribute)
        return found


def init_app(app: Flask) -> None:
    """Give the app its commands."""
    app.cli = Commands(app.name)
