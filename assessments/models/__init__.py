"""Every table of the procedure, one noun a file; importing this package completes the metadata."""

from assessments.models.answers import Answer, AnswerEvidence, AnswerText, EvidenceChange, ProfileText
from assessments.models.appeals import Appeal, AppealRuling, AppealStep, Hearing
from assessments.models.applications import AgreementAcceptance, Application, Submission
from assessments.models.audit import AuditNote
from assessments.models.calibrations import CalibrationAttempt, CalibrationBar, CalibrationScore
from assessments.models.cases import CaseExport, CaseReading
from assessments.models.catalogue import Listing, ListingFacet, Relisting, Revision
from assessments.models.certificates import Certificate, CertificateEvent, CertificateReminder, CertificateRevision
from assessments.models.change_notices import ChangeNotice
from assessments.models.changes import Change, Period, ToldChange
from assessments.models.committee import Background, CommitteeSeat
from assessments.models.competences import Competence
from assessments.models.complaints import Complaint, ComplaintAside, ComplaintStep
from assessments.models.concerns import Concern, ConcernMessage, ConcernOpening, ConcernStep
from assessments.models.conditions import Condition, ConditionReminder
from assessments.models.consensus import AgreedScore, ConsensusRemark, Recommendation
from assessments.models.credentials import Credential, StatusList
from assessments.models.decisions import Decision, Notice, Proposal, Vote
from assessments.models.editions import EditionProposal, EditionPublication
from assessments.models.evidence import Evidence, EvidenceAccess, EvidenceWarning, Replacement, StoredFile
from assessments.models.findings import Finding, FindingReply
from assessments.models.guides import Guide, GuidePublication, GuideText
from assessments.models.history import ChainHead, HistoryEntry, HistoryText
from assessments.models.identities import Identity
from assessments.models.immutable import IMMUTABLE, triggers
from assessments.models.impartiality import Conflict, Meeting, Risk
from assessments.models.issuing_bodies import IssuingBody
from assessments.models.keys import SigningKey
from assessments.models.laboratories import Laboratory, LaboratoryReport, ReportJudgement
from assessments.models.log import LogEntry, LogHead, LogKind, LogTile
from assessments.models.members import Affiliate
from assessments.models.minutes import Minutes
from assessments.models.misuse import MisuseReport
from assessments.models.notes import Note
from assessments.models.papers import CertificatePaper
from assessments.models.participation import Declaration, Interest, Participation
from assessments.models.products import Product
from assessments.models.publications import Publication
from assessments.models.questions import Question
from assessments.models.reading import RenderedPage, Rendition
from assessments.models.receipts import Receipt
from assessments.models.reliability import Reliability
from assessments.models.reminders import Reminder
from assessments.models.renewals import Basis, Confirmation
from assessments.models.reviews import Review, Score, ScoreVersion
from assessments.models.rounds import Round
from assessments.models.subscriptions import Delivery, Subscription
from assessments.models.surveillance import ProposedMeasure, Surveillance
from assessments.models.test_access import TestAccess, TestAccessReading
from assessments.models.test_records import TestRecord, TestRecordFile
from assessments.models.tokens import ApiToken, TokenEnd, TokenScope
from assessments.models.transparency import Figure, SituationReport
from assessments.models.uploads import Upload
from assessments.models.vendors import Member, Vendor

__all__ = [
    "IMMUTABLE",
    "Affiliate",
    "AgreedScore",
    "AgreementAcceptance",
    "Answer",
    "AnswerEvidence",
    "AnswerText",
    "ApiToken",
    "Appeal",
    "AppealRuling",
    "AppealStep",
    "Application",
    "AuditNote",
    "Background",
    "Basis",
    "CalibrationAttempt",
    "CalibrationBar",
    "CalibrationScore",
    "CaseExport",
    "CaseReading",
    "Certificate",
    "CertificateEvent",
    "CertificatePaper",
    "CertificateReminder",
    "CertificateRevision",
    "ChainHead",
    "Change",
    "ChangeNotice",
    "CommitteeSeat",
    "Competence",
    "Complaint",
    "ComplaintAside",
    "ComplaintStep",
    "Concern",
    "ConcernMessage",
    "ConcernOpening",
    "ConcernStep",
    "Condition",
    "ConditionReminder",
    "Confirmation",
    "Conflict",
    "ConsensusRemark",
    "Credential",
    "Decision",
    "Declaration",
    "Delivery",
    "EditionProposal",
    "EditionPublication",
    "Evidence",
    "EvidenceAccess",
    "EvidenceChange",
    "EvidenceWarning",
    "Figure",
    "Finding",
    "FindingReply",
    "Guide",
    "GuidePublication",
    "GuideText",
    "Hearing",
    "HistoryEntry",
    "HistoryText",
    "Identity",
    "Interest",
    "IssuingBody",
    "Laboratory",
    "LaboratoryReport",
    "Listing",
    "ListingFacet",
    "LogEntry",
    "LogHead",
    "LogKind",
    "LogTile",
    "Meeting",
    "Member",
    "Minutes",
    "MisuseReport",
    "Note",
    "Notice",
    "Participation",
    "Period",
    "Product",
    "ProfileText",
    "Proposal",
    "ProposedMeasure",
    "Publication",
    "Question",
    "Receipt",
    "Recommendation",
    "Reliability",
    "Relisting",
    "Reminder",
    "RenderedPage",
    "Rendition",
    "Replacement",
    "ReportJudgement",
    "Review",
    "Revision",
    "Risk",
    "Round",
    "Score",
    "ScoreVersion",
    "SigningKey",
    "SituationReport",
    "StatusList",
    "StoredFile",
    "Submission",
    "Subscription",
    "Surveillance",
    "TestAccess",
    "TestAccessReading",
    "TestRecord",
    "TestRecordFile",
    "TokenEnd",
    "TokenScope",
    "ToldChange",
    "Upload",
    "Vendor",
    "Vote",
    "triggers",
]
