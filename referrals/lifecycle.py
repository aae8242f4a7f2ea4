"""The referral's table: one accepted assessment, from waiting for a service to closed. No database here."""

from intake.lifecycle import SAME, Choices, Lifecycle, Party, Role, Turn, step


class Status(Choices):
    """Where a referral stands."""

    WAITING = "waiting", "Waiting for a service"
    OFFERED = "offered", "Offered"
    ALLOCATED = "allocated", "Allocated"
    IN_PROGRESS = "in_progress", "In progress"
    PAUSED = "paused", "Paused"
    IN_REVIEW = "in_review", "In review"
    DELIVERED = "delivered", "Report delivered"
    CLOSED = "closed", "Closed"
    CANCELLED = "cancelled", "Cancelled"


class Transition(Choices):
    """What can be done with a referral; the label is the verb on its button."""

    OFFER = "offer", "Offer to a service"
    RECALL_OFFER = "recall_offer", "Recall the offer"
    DECLINE_OFFER = "decline_offer", "Decline the offer"
    LAPSE_OFFER = "lapse_offer", "Lapse the offer"
    ACCEPT_OFFER = "accept_offer", "Accept the offer"
    REALLOCATE = "reallocate", "Change the assessor"
    RETURN_TO_WAITING = "return_to_waiting", "Return to waiting"
    START = "start", "Start"
    PAUSE = "pause", "Pause"
    RESUME = "resume", "Resume"
    SUBMIT_REPORT = "submit_report", "Hand in the report"
    SEND_BACK = "send_back", "Send back"
    DELIVER = "deliver", "Deliver the report"
    REQUEST_ADDENDUM = "request_addendum", "Ask for an addendum"
    CLOSE = "close", "Close"
    CANCEL = "cancel", "Cancel"
    REOPEN = "reopen", "Reopen"


HUB = {Role.COORDINATOR, Role.MANAGER}
REVIEW = {Role.REVIEWER, Role.MANAGER}
S, T, P, X = Status, Turn, Party, Transition
UNDER_WAY = {S.ALLOCATED, S.IN_PROGRESS, S.PAUSED}

REFERRAL = Lifecycle(
    "referral",
    {
        X.OFFER: step(
            {S.WAITING},
            S.OFFERED,
            by=HUB,
            needs=("service", "reply_by"),
            where="the service covers the type and place; no hard stop (conflict), or a manager's override with reason",
            turn=T.SERVICE,
            tells=(P.SERVICE_LEAD,),
            says="Offered",
        ),
        X.RECALL_OFFER: step(
            {S.OFFERED},
            S.WAITING,
            by=HUB,
            needs=("reason",),
            turn=T.HUB,
            tells=(P.SERVICE_LEAD,),
            says="Offer recalled",
        ),
        X.DECLINE_OFFER: step(
            {S.OFFERED},
            S.WAITING,
            by={Role.SERVICE_LEAD},
            needs=("reason_code", "text"),
            turn=T.HUB,
            tells=(P.COORDINATOR,),
            says="Offer declined",
        ),
        X.LAPSE_OFFER: step(
            {S.OFFERED},
            S.WAITING,
            by={Role.SYSTEM},
            where="the reply-by date has passed",
            turn=T.HUB,
            tells=(P.COORDINATOR, P.SERVICE_LEAD),
            says="Offer lapsed",
        ),
        X.ACCEPT_OFFER: step(
            {S.OFFERED},
            S.ALLOCATED,
            by={Role.SERVICE_LEAD},
            needs=("assessor", "conflict_statement"),
            where="a lead assessor of the service, within capacity or with an override reason",
            turn=T.SERVICE,
            tells=(P.REFERRER, P.COORDINATOR),
            says="Offer accepted",
        ),
        X.REALLOCATE: step(
            UNDER_WAY,
            SAME,
            by={Role.SERVICE_LEAD, *HUB},
            needs=("assessor", "reason_code"),
            where="another assessor of the service; a third change of worker warns",
            tells=(P.REFERRER, P.BOTH_ASSESSORS),
            says="Assessor changed",
        ),
        X.RETURN_TO_WAITING: step(
            UNDER_WAY,
            S.WAITING,
            by=HUB,
            needs=("reason_code",),
            turn=T.HUB,
            tells=(P.SERVICE_LEAD, P.REFERRER),
            says="Returned to waiting",
        ),
        X.START: step(
            {S.ALLOCATED},
            S.IN_PROGRESS,
            by={Role.ASSESSOR, Role.SERVICE_LEAD},
            where="the letter-of-instruction checklist complete, or waived with a reason, where the type needs one",
            turn=T.SERVICE,
            tells=(P.REFERRER,),
            says="Started",
        ),
        X.PAUSE: step(
            {S.IN_PROGRESS},
            S.PAUSED,
            by={Role.SERVICE_LEAD, Role.COORDINATOR},
            needs=("reason_code", "review_on"),
            turn=T.AUTHORITY,
            tells=(P.REFERRER,),
            says="Paused",
        ),
        X.RESUME: step(
            {S.PAUSED},
            S.IN_PROGRESS,
            by={Role.SERVICE_LEAD, Role.COORDINATOR},
            turn=T.SERVICE,
            tells=(P.REFERRER,),
            says="Resumed",
        ),
        X.SUBMIT_REPORT: step(
            {S.IN_PROGRESS},
            S.IN_REVIEW,
            by={Role.ASSESSOR, Role.SERVICE_LEAD},
            needs=("report", "children_seen"),
            where="every line of the evidence log answered (received, or not available and why); no open challenge",
            turn=T.HUB,
            tells=(P.REVIEWER,),
            says="Report handed in",
        ),
        X.SEND_BACK: step(
            {S.IN_REVIEW},
            S.IN_PROGRESS,
            by=REVIEW,
            needs=("defects",),
            where="never the author",
            turn=T.SERVICE,
            tells=(P.ASSESSOR,),
            says="Sent back",
        ),
        X.DELIVER: step(
            {S.IN_REVIEW},
            S.DELIVERED,
            by=REVIEW,
            needs=("checklist",),
            where="never the author; whether the filing date was met is recorded",
            turn=T.HUB,
            tells=(P.REFERRER,),
            says="Report delivered",
        ),
        X.REQUEST_ADDENDUM: step(
            {S.DELIVERED},
            S.IN_PROGRESS,
            by=HUB,
            needs=("questions", "needed_by"),
            turn=T.SERVICE,
            tells=(P.ASSESSOR,),
            says="Addendum asked for",
        ),
        X.CLOSE: step(
            {S.DELIVERED},
            S.CLOSED,
            by=HUB,
            needs=("outcome_code", "follow_up_3_months", "follow_up_6_months"),
            turn=T.NOBODY,
            tells=(P.REFERRER,),
            says="Closed",
        ),
        X.CANCEL: step(
            {S.WAITING, S.OFFERED, *UNDER_WAY},
            S.CANCELLED,
            by=HUB,
            needs=("reason_code",),
            turn=T.NOBODY,
            tells=(P.SERVICE_LEAD, P.REFERRER),
            says="Cancelled",
        ),
        X.REOPEN: step(
            {S.CLOSED, S.CANCELLED},
            S.WAITING,
            by={Role.MANAGER},
            needs=("reason",),
            turn=T.HUB,
            tells=(P.COORDINATOR,),
            says="Reopened",
        ),
    },
    labels={status.value: status.label for status in Status},
)
REASON_LISTS = {
    X.DECLINE_OFFER: "decline_offer",
    X.REALLOCATE: "reallocate",
    X.RETURN_TO_WAITING: "reallocate",
    X.PAUSE: "pause",
    X.CANCEL: "cancel",
}
OPEN = frozenset(set(S) - {S.CLOSED, S.CANCELLED})
