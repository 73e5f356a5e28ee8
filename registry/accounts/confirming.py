"""What is so grave that it asks for a fresh proof of the person first, and how long a proof is fresh."""

from datetime import timedelta

from flask import current_app, g

from assessments.clock import now
from registry.accounts.models import LoginSession

DECIDING = {
    *("decisions.propose", "decisions.confirm", "decisions.reject", "decisions.send_back"),
    *("appeals.propose", "appeals.confirm", "appeals.reject", "appeals.refuse"),
    *("criteria.propose", "criteria.confirm"),
}
CERTIFICATES = {
    *("certificates.propose", "certificates.confirm", "certificates.dismiss", "certificates.suspend"),
    *("certificates.reductions.propose", "certificates.terminations.terminate"),
}
ROLES = {
    *("people.save_roles", "people.send_invitation", "people.disable", "people.enable", "people.reset_factors"),
    *("company.give_ownership", "company.close_company"),
}
KEYS_AND_NAMES = {"identities.add", "identities.take_over"}  # private keys are handled by commands only
EXPORTS = {"company.request_export", "company.download_export", "accounts.data_file", "tokens.make"}
FACTORS = {
    *("accounts.second_factors", "accounts.new_codes", "accounts.save_codes", "accounts.remove_codes"),
    *("accounts.new_passkey", "accounts.new_passkey_options", "accounts.add_passkey", "accounts.remove_passkey"),
    *("accounts.renew_recovery", "accounts.close_account"),
}
GRAVE = DECIDING | CERTIFICATES | ROLES | KEYS_AND_NAMES | EXPORTS | FACTORS


def is_fresh() -> bool:
    """Whether the person behind this session has proved themselves lately enough for something grave."""
    row: LoginSession = g.login_row
    return row.confirmed_at is not None and now() - row.confirmed_at < timedelta(minutes=minutes())


def minutes() -> int:
    """How long a proof counts as fresh."""
    given: int = current_app.config["SETTINGS"].step_up_minutes
    return given
