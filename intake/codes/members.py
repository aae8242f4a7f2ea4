"""Which member of an enquiry's body takes the codes of which list; `*` is each row."""

from collections.abc import Mapping

CODED: Mapping[str, str] = {
    "/kind": "kind",
    "/language": "language",
    "/prompted_by/code": "prompted_by",
    "/assessments/*/type": "assessment_type",
    "/legal/framework": "legal_framework",
    "/legal/stage": "stage",
    "/legal/permission": "permission",
    "/legal/hearings/*/kind": "hearing_kind",
    "/children/*/sex": "sex",
    "/children/*/ethnicity": "ethnicity",
    "/children/*/disabilities/*": "disability",
    "/children/*/send/need": "send_need",
    "/children/*/upn_unknown": "upn_unknown",
    "/children/*/legal_status": "legal_status",
    "/children/*/placement_type": "placement_type",
    "/children/*/early_help/end_reason": "early_help_end_reason",
    "/adults/*/relationships/*/relationship": "relationship",
    "/adults/*/needs/learning_disability": "needs_answer",
    "/adults/*/needs/mental_health": "needs_answer",
    "/adults/*/needs/literacy": "needs_answer",
    "/risks/*/about": "risk_about",
    "/risks/*/level": "risk_level",
    "/documents/*/role": "document_role",
    "/documents/*/state": "document_state",
    "/information/family_told": "family_told",
    "/information/lawful_basis": "lawful_basis",
}
