"""The forms of consent to be named in public."""

from wtforms import StringField
from wtforms.widgets import HiddenInput

from registry.forms import Form


class ConsentForm(Form):
    """A button under a text; `seen` is the mark of that text."""

    seen = StringField(widget=HiddenInput())
