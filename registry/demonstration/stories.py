"""The stories: which scenes are played how many days after an application began."""

from collections.abc import Callable

from registry.demonstration import agreeing, applying, deciding, evaluating, notes
from registry.demonstration.fiction import Fiction
from registry.demonstration.stage import Play

Scene = Callable[[Play], None]
Story = tuple[tuple[int, Scene], ...]

_HANDED_IN: Story = ((0, applying.start), (4, applying.write), (12, applying.hand_in))
_RETURNED: Story = (*_HANDED_IN, (14, evaluating.return_))
_ACCEPTED: Story = (*_HANDED_IN, (15, evaluating.accept))
_ASSIGNED: Story = (*_ACCEPTED, (16, evaluating.assign))
_AT_WORK: Story = (*_ASSIGNED, (17, evaluating.declare_lead), (18, evaluating.declare_other))
_REVIEWED: Story = (*_AT_WORK, (29, notes.take), (30, evaluating.review_other), (35, evaluating.review_lead))
_CORRECTED: Story = (
    *_REVIEWED,
    (37, evaluating.ask_correction),
    (40, applying.answer_correction),
    (41, evaluating.close_findings),
)


def _settled(before: Story) -> Story:
    return (*before, (42, evaluating.settle), (43, evaluating.ask_facts))


def _recommended(before: Story) -> Story:
    return (
        *_settled(before),
        (46, applying.check_facts),
        (50, evaluating.recommend),
        (52, deciding.declare_proposer),
        (54, deciding.declare_confirmer),
    )


_DECLINING: Story = (*_recommended(_REVIEWED), (57, deciding.propose_decline), (58, deciding.give_notice))

_STORIES: dict[str, Story] = {
    "draft": ((0, applying.start), (4, applying.write_half)),
    "submitted": _HANDED_IN,
    "returned": _RETURNED,
    "lapsed": (*_RETURNED, (48, evaluating.lapse)),
    "refused": (*_HANDED_IN, (15, evaluating.refuse)),
    "accepted": _ACCEPTED,
    "assigned": _ASSIGNED,
    "reviewing": (*_AT_WORK, (28, evaluating.review_other), (29, notes.take), (30, evaluating.review_half)),
    "consensus": (*_REVIEWED, (40, evaluating.settle_equal), (41, agreeing.talk), (42, agreeing.reply)),
    "correction": (*_REVIEWED, (44, evaluating.ask_correction), (45, agreeing.share_out)),
    "withdrawn": (*_REVIEWED, (39, applying.withdraw)),
    "facts": _settled(_REVIEWED),
    "decision": _recommended(_REVIEWED),
    "proposed": (*_recommended(_REVIEWED), (58, deciding.propose)),
    "minded_to": _DECLINING,
    "declined": (
        *_DECLINING,
        (65, applying.comment),
        (69, deciding.propose_decline),
        (74, deciding.confirm),
    ),
    "certified": (*_recommended(_REVIEWED), (58, deciding.propose), (63, deciding.confirm)),
    "corrected": (*_recommended(_CORRECTED), (58, deciding.propose), (63, deciding.confirm)),
}


def story_of(fiction: Fiction) -> Story:
    """The scenes of a product, in their order."""
    corrected = fiction.story == "certified" and fiction.findings
    return _STORIES["corrected" if corrected else fiction.story]
