"""schemathesis asks everything that the description allows, and much that it does not, and finds nothing.

A cursor is the one thing that a schema cannot describe: a word that only this site can make. The description that is
tried out names a real one of each list instead of the pattern of all; everything else is what programs are given.
"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from assessments import tokens
from assessments.models import TokenScope
from assessments.people import MemberRole
from assessments.states import CertificateState
from registry import issuing
from registry.accounts.attempts import LIMITS, Limit, Purpose
from registry.api import cursors
from registry.api.openapi import EVERY
from tests.listings import Published, Shop

MAKING_UP = {
    "seed": 26,
    "workers": 1,
    "headers": {"Accept-Encoding": "identity"},  # what it calls the app with unpacks nothing
    "continue-on-failure": True,
    "suppress-health-check": ["all"],
    "generation": {"deterministic": True, "max-examples": 12, "database": "none", "no-shrink": True},
    "phases": {"stateful": {"enabled": False}},
    "checks": {"ignored_auth": {"enabled": False}},  # cannot call a WSGI app; test_own asks without a token
}
REAL = {
    "products": cursors.written("products", "p-0001"),
    "certificates": cursors.written("certificates", 2026, 1),
    "vendors": cursors.written("vendors", "a"),
    "criteria": cursors.written("criteria", 20),
    "events": cursors.written("events", 1),
    "own_products": cursors.written("own_products", "p-0001"),
    "own_certificates": cursors.written("own_certificates", 2026, 1),
    "own_applications": cursors.written("own_applications", "HS-2026-0001"),
    "own_evidence": cursors.written("own_evidence", "00" * 16),
}


@pytest.fixture
def seeded(app, world):
    """A register with products in every state, all of it in the log, and nobody counting."""
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], api_per_minute=0)
    shop = Shop(world)
    for state in (CertificateState.ACTIVE, CertificateState.SUSPENDED, CertificateState.WITHDRAWN):
        shop.publish(Published(state=state))
    shop.publish(days=-500, lasts=300)
    with app.app_context():
        issuing.turn()
    world.an.stand(frozenset(), {world.hat_nang.id: MemberRole.OWNER})
    _token, app.key = tokens.make(
        world.session, world.an, world.hat_nang, tokens.Wanted("Thử", frozenset(TokenScope), 90)
    )
    world.session.commit()
    return app


def with_real_cursors(description):
    """The description with a real cursor as the only one that fits, so that every other word has to be refused."""
    for path in description["paths"].values():
        for parameter in path["get"]["parameters"]:
            if parameter["name"] == "cursor":
                parameter["schema"] = {"type": "string", "enum": [REAL[path["get"]["operationId"]]]}
    return description


def failures(recorder):
    """What was found wrong, with the question that led to it."""
    asked = {name: node.value for name, node in recorder.cases.items()}
    return [
        f"{check.name} of {asked[name].formatted_path} {asked[name].query}: {check.failure_info.failure}"
        for name, checks in recorder.checks.items()
        for check in checks
        if check.failure_info
    ]


def test_nothing_is_found(seeded, monkeypatch):
    monkeypatch.setattr(
        "registry.accounts.attempts.LIMITS", {**LIMITS, Purpose.OWN: Limit(10**6, timedelta(minutes=1))}
    )
    headers = {**MAKING_UP["headers"], "Authorization": f"Bearer {seeded.key}"}
    config = SchemathesisConfig.from_dict({**MAKING_UP, "headers": headers})
    description = seeded.test_client().get("/api/openapi.json").json
    schema = schemathesis.openapi.from_dict(with_real_cursors(description), config=config)
    schema.app = seeded
    asked, found = Counter(), []
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            asked[event.recorder.label] += len(event.recorder.cases)
            found += failures(event.recorder)
        elif isinstance(event, events.NonFatalError | events.FatalError):
            found.append(repr(event))
    assert found == []
    assert len(asked) == len(EVERY)
    assert min(asked.values()) >= 10
