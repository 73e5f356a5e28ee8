"""Every table of the procedure, one noun a file; importing this package completes the metadata."""

from assessments.models.answers import Answer, AnswerEvidence, AnswerText, EvidenceChange, ProfileText
from assessments.models.appeals import Appeal, AppealRuling, AppealStep, Hearing
from assessments.models.applications import AgreementAcceptance, Application, Submission
from assessments.models.catalogue import Listing, ListingFacet, ListingWord, Revision
from assessments.models.certificates import Certificate, CertificateEvent
from assessments.models.complaints import Complaint, ComplaintStep
from assessments.models.consensus import AgreedScore, Recommendation
from assessments.models.decisions import Decision, Notice, Proposal
from assessments.models.editions import EditionPublication
from assessments.models.evidence import Evidence, EvidenceAccess, EvidenceWarning, Replacement, StoredFile
from assessments.models.findings import Finding, FindingReply
from assessments.models.history import ChainHead, HistoryEntry, HistoryText
from assessments.models.immutable import IMMUTABLE, triggers
from assessments.models.participation import Declaration, Interest, Participation
from assessments.models.products import Product
from assessments.models.receipts import Receipt
from assessments.models.reminders import Reminder
from assessments.models.renewals import Basis, Confirmation
from assessments.models.reviews import Review, Score
from assessments.models.rounds import Round
from assessments.models.test_access import TestAccess, TestAccessReading
from assessments.models.transparency import Figure
from assessments.models.uploads import Upload
from assessments.models.vendors import Member, Vendor

__all__ = [
    "IMMUTABLE",
    "AgreedScore",
    "AgreementAcceptance",
    "Answer",
    "AnswerEvidence",
    "AnswerText",
    "Appeal",
    "AppealRuling",
    "AppealStep",
    "Application",
    "Basis",
    "Certificate",
    "CertificateEvent",
    "ChainHead",
    "Complaint",
    "ComplaintStep",
    "Confirmation",
    "Decision",
    "Declaration",
    "EditionPublication",
    "Evidence",
    "EvidenceAccess",
    "EvidenceChange",
    "EvidenceWarning",
    "Figure",
    "Finding",
    "FindingReply",
    "Hearing",
    "HistoryEntry",
    "HistoryText",
    "Interest",
    "Listing",
    "ListingFacet",
    "ListingWord",
    "Member",
    "Notice",
    "Participation",
    "Product",
    "ProfileText",
    "Proposal",
    "Receipt",
    "Recommendation",
    "Reminder",
    "Replacement",
    "Review",
    "Revision",
    "Round",
    "Score",
    "StoredFile",
    "Submission",
    "TestAccess",
    "TestAccessReading",
    "Upload",
    "Vendor",
    "triggers",
]
