"""Routes under /guides/office: the club writes a guide, looks at it in both languages, publishes and withdraws it."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from assessments import guides as verbs
from assessments.clock import today
from assessments.errors import Conflict, Invalid, NotFound, NotReady, Version
from assessments.guide_checks import GuideContent, faults, hints
from assessments.guide_kinds import GuideEnding
from assessments.guides import WRITERS, Reason
from assessments.models import Guide
from assessments.queries import guides as queries
from assessments.queries import people
from registry import access, articles, catalogue, db
from registry.differences import Compared, compare
from registry.forms import whole
from registry.guides import site
from registry.guides.blueprint import bp
from registry.guides.forms import TYPED, GuideForm, VersionForm, WithdrawForm, filled
from registry.i18n import lang, translate


@bp.get("/office")
@access.role(*WRITERS)
def office() -> str:
    """Every guide: those that were written here, and those that come with the site."""
    worked = queries.worked_on(db.session())
    written = {one.guide.slug for one in worked}
    return render_template(
        "guides/office.html",
        worked=worked,
        shipped={slug: content for slug, content in articles.shipped().items() if slug not in written},
        is_shipped=lambda slug: slug in articles.shipped(),
    )


@bp.get("/office/new")
@access.role(*WRITERS)
def new() -> str:
    """The form of another guide; `from` is one that comes with the site and is to be written anew."""
    slug = request.args.get("from", "")
    content = articles.shipped().get(slug)
    if slug and content is None:
        raise NotFound
    return _new_page(filled(content or GuideContent(checked_on=today()), _titles(but=slug), slug))


@bp.post("/office/new")
@access.role(*WRITERS)
def add() -> Any:
    """Keep its first text."""
    form = GuideForm()
    form.offer(_titles(but=form.slug.data or ""))
    if not form.validate():
        return _new_page(form), 422
    try:
        guide = verbs.start(db.session(), access.me(), form.slug.data or "", form.content())
    except Invalid as refusal:
        form.slug.errors = [translate(refusal.message, **refusal.values)]
        return _new_page(form), 422
    db.commit()
    return _onwards(guide)


@bp.get("/office/<slug>")
@access.role(*WRITERS)
def edit(slug: str) -> str:
    """The text that was saved last, to write on."""
    guide = _guide(slug)
    content = queries.content_of(queries.text_of(db.session(), guide))
    return _edit_page(guide, filled(content, _titles(but=slug), slug, guide.version))


@bp.post("/office/<slug>")
@access.role(*WRITERS)
def save(slug: str) -> Any:
    """Keep what was typed as the newest version; a text saved elsewhere meanwhile is shown and not overwritten."""
    guide, form = _guide(slug), GuideForm()
    form.slug.data = slug
    form.offer(_titles(but=slug))
    if not form.validate():
        return _edit_page(guide, form), 422
    try:
        verbs.save(db.session(), access.me(), slug, form.content(), form.version.data or 0)
    except Conflict as conflict:
        form.version.data, form.version.raw_data = guide.version, None
        return _edit_page(guide, form, conflict.theirs), 409
    db.commit()
    return _onwards(guide)


@bp.get("/office/<slug>/preview")
@access.role(*WRITERS)
def preview(slug: str) -> str:
    """Both languages as the public would read them, what is wrong with them, and the buttons."""
    return _preview_page(_guide(slug))


@bp.post("/office/<slug>/publish")
@access.role(*WRITERS)
def publish(slug: str) -> Any:
    """Let the public read it."""
    session, form = db.session(), VersionForm()
    try:
        verbs.publish(session, access.me(), slug, form.version.data or 0, site.known(session))
    except NotReady:
        return _preview_page(_guide(slug)), 422
    db.commit()
    flash(_("Đã công bố. Ai cũng đọc được bài này từ bây giờ."))
    return redirect(url_for("guides.office"))


@bp.post("/office/<slug>/withdraw")
@access.role(*WRITERS)
def withdraw(slug: str) -> Any:
    """Take it away from the public."""
    form = WithdrawForm()
    if slug not in articles.shipped():
        form.ending.data = GuideEnding.GONE.value  # nothing else is offered
    if not form.validate():
        return _preview_page(_guide(slug), form), 422
    reason = Reason(form.reason_vi.data or "", form.reason_en.data or "")
    try:
        verbs.withdraw(db.session(), access.me(), slug, GuideEnding(form.ending.data), reason)
    except Invalid as refusal:
        form.form_errors.append(translate(refusal.message, **refusal.values))
        return _preview_page(_guide(slug), form), 422
    db.commit()
    flash(_("Đã rút bài. Nội dung vẫn còn ở đây để sửa và công bố lại."))
    return redirect(url_for("guides.office"))


def _guide(slug: str) -> Guide:
    found = queries.guide_by_slug(db.session(), slug)
    if found is None:
        raise NotFound
    return found


def _titles(but: str) -> Mapping[str, str]:
    """The guides that are public, by address: what another may be related to."""
    return {one.slug: one.title(lang()) for one in articles.public(db.session()) if one.slug != but}


def _onwards(guide: Guide) -> Any:
    """Back to the text, or on to the preview, as the button said."""
    if request.form.get("then") == "stay":
        flash(_("Đã lưu bản %(number)d. Chưa ai ngoài người viết đọc được bản này.", number=guide.version))
        return redirect(url_for("guides.edit", slug=guide.slug))
    return redirect(url_for("guides.preview", slug=guide.slug))


def _new_page(form: GuideForm) -> str:
    return render_template("guides/new.html", form=form, values=_values())


def _edit_page(guide: Guide, form: GuideForm, theirs: Version | None = None) -> str:
    return render_template(
        "guides/edit.html",
        guide=guide,
        form=form,
        theirs=theirs,
        rows=_beside(form, theirs) if theirs else [],
        values=_values(),
    )


def _beside(form: GuideForm, theirs: Version) -> list[Compared]:
    """Every field of two texts that met."""
    languages = {"vi": "vi", "en": "en"}
    return [
        compare(str(form[name].label.text), theirs.fields[name], form[name].data or "", languages.get(name[-2:], ""))
        for name in TYPED
    ]


def _values() -> list[tuple[str, object]]:
    """What may stand in braces, with what it says now."""
    told = site.values(catalogue.current_edition())
    return sorted((name, value) for name, value in told.items() if isinstance(value, (int, str)))


def _preview_page(guide: Guide, withdrawing: WithdrawForm | None = None) -> str:
    session = db.session()
    text = queries.text_of(session, guide, whole(request.args.get("version")) or None)
    content, told = queries.content_of(text), site.values(catalogue.current_edition())
    return render_template(
        "guides/preview.html",
        guide=guide,
        text=text,
        saved_by=people.name_of(session, text.saved_by),
        content=content,
        html={
            one: articles.without_ids(articles.html(content.text("body", one), told, site.address_in(one), 2))
            for one in ("vi", "en")
        },
        faults=faults(content, site.known(session), guide.slug),
        hints=hints(content),
        standing=queries.standing_of(session, guide.slug),
        form=withdrawing or WithdrawForm(formdata=None, ending=GuideEnding.SHIPPED.value),
        is_shipped=guide.slug in articles.shipped(),
    )
