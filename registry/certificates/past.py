"""A certificate on a day gone by (`?as_of=`), for people and for machines."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, jsonify, render_template
from flask_babel import gettext as _

from assessments.clock import now
from assessments.queries import past as queries
from registry import as_of, db
from registry.as_of import AsOf
from registry.certificates import machine
from registry.certificates.standing import Shown, shown_on
from registry.links import absolute
from registry.templating import day as written


@dataclass(frozen=True)
class Asked:
    """The day somebody asks for, and the code of an answer that says what is wrong with it."""

    on: AsOf
    code: int = 200


def read(arguments: Mapping[str, str], shown: Shown) -> Asked | None:
    """The day that an address asks for; None where it asks for none.

    A day that nobody can answer for is 422; one on which this certificate was not there yet is 404, as it was then.
    """
    if not arguments.get(as_of.NAME, "").strip():
        return None
    asked = as_of.read(arguments, queries.beginning(db.session()))
    assert asked is not None  # noqa: S101  it is not empty
    begins = queries.shown_from(shown.certificate)
    if asked.fault or asked.day is None:
        return Asked(asked, 422)
    if asked.day < begins:
        fault = _(
            "Ngày %(day)s chưa có giấy này. Giấy bắt đầu từ ngày %(first)s.",
            day=written(asked.day),
            first=written(begins),
        )
        return Asked(AsOf(asked.typed, asked.day, fault), 404)
    return Asked(asked)


def page(asked: Asked, shown: Shown, drawn: Mapping[str, Any]) -> tuple[str, int]:
    """The certificate as it was, with a word on today; or what is wrong with the day, kept as it was typed."""
    if asked.on.fault:
        return render_template("certificates/_past.html", asked=asked.on, shown=shown), asked.code
    then = shown_on(db.session(), shown.certificate, asked.on.asked)
    signed = queries.credential_on(db.session(), shown.certificate.id, then.day)
    return render_template(
        "certificates/show.html", shown=then, then=asked.on, today=shown, signed=signed, now=now(), typed="", **drawn
    ), 200


def data(asked: Asked, shown: Shown) -> Response:
    """The same for machines."""
    number = shown.certificate.number
    if asked.on.fault:
        status = "not_found" if asked.code == 404 else "unanswerable"
        response = jsonify(
            {"format": 1, "number": number, "status": status, "as_of": asked.on.typed, "fault": asked.on.fault}
        )
        response.status_code = asked.code
        return response
    then = shown_on(db.session(), shown.certificate, asked.on.asked)
    signed = queries.credential_on(db.session(), shown.certificate.id, then.day)
    return jsonify(machine.described_then(then, shown.status, absolute("certificates.show", number=number), signed))
