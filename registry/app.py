"""Builds the app: the list of its parts and blueprints, nothing else."""

import logging
from pathlib import Path

from flask import Flask

from registry import (
    access,
    catalogue,
    cautions,
    cli,
    collecting,
    compression,
    config,
    countdown,
    db,
    errors,
    i18n,
    identity,
    issuing,
    journal,
    notices,
    page_cache,
    requested,
    security,
    storage,
    tables,
    templating,
)
from registry.accounts import login, recalled
from registry.accounts import routes as accounts
from registry.api import routes as api
from registry.appeals import routes as appeals
from registry.applications import routes as applications
from registry.apply import routes as apply
from registry.assignments import routes as assignments
from registry.audit import routes as audit
from registry.badges import routes as badges
from registry.calibrations import routes as calibrations
from registry.certificates import routes as certificates
from registry.change_notices import routes as change_notices
from registry.changes import routes as changes
from registry.committee import routes as committee
from registry.company import routes as company
from registry.compare import routes as compare
from registry.competences import routes as competences
from registry.complaints import routes as complaints
from registry.concerns import routes as concerns
from registry.config import Settings
from registry.credentials import routes as credentials
from registry.criteria import routes as criteria
from registry.data import routes as data
from registry.deadlines import routes as deadlines
from registry.decisions import routes as decisions
from registry.demonstration import deployment
from registry.evidence import routes as evidence
from registry.find import routes as find
from registry.guides import routes as guides
from registry.health import routes as health
from registry.identities import routes as identities
from registry.impartiality import routes as impartiality
from registry.intake import routes as intake
from registry.keys import routes as keys
from registry.laboratories import routes as laboratories
from registry.log import routes as log
from registry.members import routes as members
from registry.memberships import routes as memberships
from registry.metrics import routes as metrics
from registry.metrics import watching
from registry.misuse import routes as misuse
from registry.pages import routes as pages
from registry.people import routes as people
from registry.products import routes as products
from registry.reliability import routes as reliability
from registry.reviews import routes as reviews
from registry.rounds import routes as rounds
from registry.sitemaps import routes as sitemaps
from registry.subscriptions import routes as subscriptions
from registry.surveillance import routes as surveillance
from registry.tokens import routes as tokens
from registry.transparency import routes as transparency
from registry.triage import routes as triage
from registry.vendors import routes as vendors
from registry.verifying import routes as verifying
from registry.workload import routes as workload

TEMPLATES = Path(__file__).parent.parent / "templates"
ALL_TABLES = tables.__all__
PARTS = (
    requested,
    db,
    deployment,
    identity,
    notices,
    issuing,
    storage,
    i18n,
    templating,
    catalogue,
    cautions,
    countdown,
    security,
    login,
    recalled,
    access,
    errors,
    cli,
    collecting,
    compression,
    page_cache,
    watching,  # the last one: it stands outside of all the others
)
BLUEPRINTS = (
    accounts.bp,
    api.bp,
    appeals.bp,
    applications.bp,
    apply.bp,
    assignments.bp,
    audit.bp,
    badges.bp,
    calibrations.bp,
    certificates.bp,
    change_notices.bp,
    changes.bp,
    committee.bp,
    company.bp,
    compare.bp,
    competences.bp,
    complaints.bp,
    concerns.bp,
    credentials.bp,
    criteria.bp,
    data.bp,
    deadlines.bp,
    decisions.bp,
    evidence.bp,
    find.bp,
    guides.bp,
    health.bp,
    identities.bp,
    impartiality.bp,
    intake.bp,
    keys.bp,
    laboratories.bp,
    log.bp,
    members.bp,
    memberships.bp,
    metrics.bp,
    misuse.bp,
    pages.bp,
    people.bp,
    products.bp,
    reliability.bp,
    reviews.bp,
    rounds.bp,
    sitemaps.bp,
    subscriptions.bp,
    surveillance.bp,
    tokens.bp,
    transparency.bp,
    triage.bp,
    vendors.bp,
    verifying.bp,
    workload.bp,
)


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application, with the settings given or those of the environment."""
    app = Flask(__name__, template_folder=str(TEMPLATES))
    app.config["SETTINGS"] = settings or _of_this_process()
    for part in PARTS:
        part.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def _of_this_process() -> Settings:
    """The settings of the environment: the process is ours then, and what it says goes our way."""
    settings = config.from_environment()
    journal.begin(settings.log_format, settings.log_level)
    for caution in config.cautions(settings):
        logging.getLogger(journal.OURS).warning(caution)
    return settings
