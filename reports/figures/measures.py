"""What is counted. A measure is a word for something that happened on a day; most carry a reason or a value."""

from intake.lifecycle import Choices


class Measure(Choices):
    """The value of most is in working days, of the workers how many they were."""

    RECEIVED = "received", "An enquiry came"
    DECIDED = "decided", "A decision on an enquiry: in time or late; the working days it took"
    WITH_US = "with_us", "Of a decision, the working days it was with us"
    WITH_AUTHORITY = "with_authority", "Of a decision, the working days our clock stood still for answers"
    ACCEPTED = "accepted", "An assessment was accepted"
    DECLINED = "declined", "An assessment was declined, with the reason"
    REDIRECTED = "redirected", "An assessment was redirected"
    ENDED = "ended", "An enquiry ended without a decision of ours, and how"
    REOPENED = "reopened", "An enquiry was reopened"
    OFFERED = "offered", "An assessment was offered to a service"
    OFFER_DECLINED = "offer_declined", "A service declined an offer, with the reason"
    PLACED = "placed", "A service took an assessment; the working days it had waited"
    PAUSED = "paused", "A pause of the work ended: its reason, its working days"
    RETURNED = "returned", "A report was sent back from review"
    DEFECT = "defect", "One defect for which a report was sent back"
    DELIVERED = (
        "delivered",
        "A report was delivered: by the day it was needed or not",
    )
    GRADED = "graded", "The grade of a report when it was delivered"
    WORKERS = "workers", "How many workers the family had met when the report was delivered"
    OVERSEEN = "overseen", "An entry of oversight: a decision, or a challenge"
    AUDIT_COMPLIANCE = "audit_compliance", "An audit found the list of compliance met, partly or not"
    AUDIT_QUALITY = "audit_quality", "An audit graded the quality of closed work"
    AUDIT_IMPACT = "audit_impact", "An audit graded the impact of closed work on the child"
    IMPROVED = "improved", "An improvement that came from an audit was done: by its day or not"
    FOLLOWED = "followed", "Whether a recommendation was followed, as a follow-up was answered"
    LIVES = "lives", "Where the child lives, as a follow-up was answered"
    OUTCOME = "outcome", "What became of it, as a follow-up was answered"


IN_TIME, LATE, LATE_ASKED = "in_time", "late", "late_asked"
MET, MISSED, NO_DATE = "met", "missed", "no_date"
