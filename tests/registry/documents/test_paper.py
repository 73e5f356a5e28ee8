"""Paper that is never finished leaves nothing open."""

import gc
from datetime import UTC, datetime

import pytest

from registry.documents.paper import Paper


@pytest.mark.filterwarnings("error::ResourceWarning")
def test_a_paper_given_up_half_way_closes_its_fonts():
    paper = Paper("Biên bản", "chân trang", datetime.now(UTC))
    paper.say("Chưa xong.", bold=True)
    files = [font.ttfont.reader.file for font in paper.fonts.values()]
    assert [file.closed for file in files] == [False, False]
    del paper
    gc.collect()
    assert [file.closed for file in files] == [True, True]
