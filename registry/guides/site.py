"""What guides may refer to on this site: its pages, the values of the edition in force, and one another."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields

from flask import current_app, request
from sqlmodel import Session
from werkzeug.exceptions import HTTPException

from assessments.guide_checks import VALUE, GuideContent, Site
from assessments.queries import guides as queries
from criteria.model import Edition, Periods, Quorum
from registry import articles, i18n, identity

OF_EDITION = frozenset(one.name for kind in (Periods, Quorum) for one in fields(kind))


def values(edition: Edition | None) -> Mapping[str, object]:
    """What a guide may name in braces."""
    told = {**asdict(edition.periods), **asdict(edition.quorum)} if edition else {}
    return {**told, **i18n.words(), "office_email": identity.on().email}


def needs_edition(content: GuideContent) -> bool:
    """Whether it tells of periods or of a quorum, which are those of an edition in force."""
    return bool(OF_EDITION & {*VALUE.findall(content.body_vi), *VALUE.findall(content.lead_vi)})


def address_in(lang: str) -> Callable[[str], str | None]:
    """Turns a path into a link of that language, if a page of this site answers there."""
    root = request.environ.get(i18n.ROOT_KEY, request.script_root) + ("/en" if lang == "en" else "")
    return lambda path: root + path if _answers(path.split("#")[0].split("?")[0]) else None


def known(session: Session) -> Site:
    """Everything that a text is held against before it is published."""
    slugs = frozenset({*articles.shipped(), *queries.slugs(session)})
    names = OF_EDITION | {*i18n.words(), "office_email"}
    return Site(lambda path: _answers(path) and _is_known_guide(path, slugs), frozenset(names), slugs)


def _is_known_guide(path: str, slugs: frozenset[str]) -> bool:
    area, _, slug = path.removeprefix("/").partition("/")
    return area != "guides" or not slug or slug in slugs


def _answers(path: str) -> bool:
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return False
    return True
