"""The form of more time."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField
from wtforms.validators import InputRequired

from registry.forms import Form

DAYS = ["%Y-%m-%d", "%d/%m/%Y"]


class ExtendForm(Form):
    """More time for whoever acts now."""

    until = DateField(
        _l("Gia hạn đến hết ngày"), format=DAYS, validators=[InputRequired(_l("Chọn ngày. Ví dụ: 22/11/2026"))]
    )
