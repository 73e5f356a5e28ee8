"""The form in which a decider says what a surveillance leads to; all but keeping has reasons in both languages."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from assessments.decisions import Proposing
from assessments.lifecycle import Measure
from assessments.models import Certificate
from assessments.queries.surveillance import Surveyed
from assessments.states import CertificateState
from assessments.surveillance import Measured
from criteria.model import Edition
from registry.i18n import translate
from registry.scopes import ScopeForm
from registry.surveyed import MEASURES

LONGEST = 5000
DAYS = ["%Y-%m-%d", "%d/%m/%Y"]


class MeasureForm(ScopeForm):
    """Keep, reduce, suspend or withdraw; what goes with the others is not looked at."""

    measure = RadioField(_l("Đề xuất"), validators=[InputRequired(message=_l("Chọn đề xuất."))])
    reasons_vi = TextAreaField(_l("Lý do, tiếng Việt"), validators=[Length(max=LONGEST)])
    reasons_en = TextAreaField(_l("Lý do, tiếng Anh"), validators=[Length(max=LONGEST)])
    condition_vi = TextAreaField(_l("Khôi phục khi nào, tiếng Việt"), validators=[Length(max=LONGEST)])
    condition_en = TextAreaField(_l("Khôi phục khi nào, tiếng Anh"), validators=[Length(max=LONGEST)])
    restore_by = DateField(_l("Hạn khôi phục"), format=DAYS, validators=[Optional()])

    def offer(self, surveyed: Surveyed, edition: Edition) -> "MeasureForm":
        """Fill in the choices: what the scores lead to first and named so."""
        self.computed = surveyed.computed
        self.offer_scope(surveyed.certificate, edition)
        possible = [one for one in Measure if one is not Measure.SUSPEND or _active(surveyed.certificate)]
        possible.sort(key=lambda one: one is not self.computed)
        self.measure.choices = [(one.value, self._said(one)) for one in possible]
        for part in (self.platforms, self.categories, self.ages, self.level):
            part.validators = []  # looked at by the procedure, and only where the scope is reduced
        self.level.validate_choice = False
        return self

    def _said(self, measure: Measure) -> str:
        told = translate(MEASURES[measure])
        return _("%(outcome)s, theo điểm", outcome=told) if measure is self.computed else told

    def proposing(self) -> Proposing:
        """What was chosen, as the procedure takes it."""
        measured = Measured(
            Measure(self.measure.data),
            self.condition_vi.data or "",
            self.condition_en.data or "",
            self.restore_by.data,
            self.remaining(),
        )
        reasons = (self.reasons_vi.data or "", self.reasons_en.data or "")
        return Proposing(measured.outcome, None, *reasons, measured=measured)

    def validate_reasons_vi(self, field: TextAreaField) -> None:
        """Reasons in Vietnamese where they are due."""
        self._ask(field, _("Ghi lý do bằng tiếng Việt."))

    def validate_reasons_en(self, field: TextAreaField) -> None:
        """Reasons in English where they are due."""
        self._ask(field, _("Ghi lý do bằng tiếng Anh."))

    def _ask(self, field: Any, message: str) -> None:
        kept = self.measure.data == Measure.KEEP.value and self.computed is Measure.KEEP
        if self.measure.data and not kept and not field.data:
            raise ValidationError(message)


def _active(certificate: Certificate) -> bool:
    return certificate.state is CertificateState.ACTIVE
