"""Every decision about a certificate has its word, its look, its place in the log and its row wherever it is told."""

import pytest
from flask import render_template_string

from assessments import certificates
from assessments.models import LogKind
from assessments.publishing import PublicationKind, RegisterKind
from assessments.queries import catalogue, past
from assessments.states import CertificateAction, CertificateStep
from registry import register
from registry.certificates import words
from registry.issuing import entries
from registry.log import words as log_words

DECIDED = [one for one in CertificateAction if one not in {CertificateAction.SUPERSEDE, CertificateAction.EXPIRE}]
ROWS = """
{% from "components/certificate.html" import history_rows %}
{% call(rows) history_rows([{'action': action, 'day': day, 'reason': none}], w) %}
{{ rows[0].state }}|{{ rows[0].word }}
{% endcall %}
"""


@pytest.mark.parametrize("action", CertificateAction)
def test_every_action_has_its_words(app, action):
    kind = RegisterKind(action.value)
    with app.test_request_context("/"):
        row = render_template_string(ROWS, action=action.value, day=certificates.today(), w={}).strip()
        assert [bool(part) for part in row.split("|")] == [True, True]
        assert register.word(kind)
        assert log_words.KINDS[LogKind(action.value)]
    assert register.LOOKS[kind]
    assert action in catalogue._AFTER
    assert PublicationKind(action.value) in entries._AFTER.keys() | entries._ENDS.keys() | {
        PublicationKind.REDUCE,
        PublicationKind.RESTORE,
    }


@pytest.mark.parametrize("action", DECIDED)
def test_every_decision_is_known_to_the_past_or_changes_no_state(action):
    stays = {CertificateAction.REDUCE, CertificateAction.RESTORE}
    assert (action.value in past.ENTERS) != (action in stays)


@pytest.mark.parametrize("step", CertificateStep)
def test_every_step_has_its_word_in_the_history(step):
    assert words.STEPS[step]


def test_every_kind_of_publication_has_its_kind_in_the_log():
    assert {one.value for one in PublicationKind} == {one.value for one in LogKind} - {LogKind.HEAD.value}
    assert set(log_words.KINDS) == set(LogKind)
    assert set(register.KINDS) == set(register.LOOKS) == set(RegisterKind)
