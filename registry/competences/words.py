"""What fields, grounds and states of a competence are called."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from assessments.queries.competences import Held
from assessments.states import CompetenceBasis

BASES: Mapping[CompetenceBasis, str] = {
    CompetenceBasis.TRAINING: _l("Đã được đào tạo"),
    CompetenceBasis.EXPERIENCE: _l("Có kinh nghiệm"),
    CompetenceBasis.TEST: _l("Đã qua bài kiểm tra"),
}
HELD: Mapping[Held, str] = {
    Held.HELD: _l("còn hạn"),
    Held.SOON: _l("sắp hết hạn"),
    Held.AHEAD: _l("chưa đến ngày bắt đầu"),
    Held.EXPIRED: _l("đã hết hạn"),
    Held.NEVER: _l("chưa có"),
}
SIGNS: Mapping[Held, str] = {Held.HELD: "✓", Held.SOON: "!", Held.AHEAD: "…", Held.EXPIRED: "×"}
