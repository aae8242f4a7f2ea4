"""Every question of the web form, by section. The words of its answers are the code lists'."""

from intake.pages.writing.asks import Ask, More, Repeat
from intake.words import _

NAMED = ("referral", "instruction")

YOU = (
    Ask(
        "authority_reference",
        _("Your own reference"),
        _("So that you can find it: your case number, for example."),
    ),
    Ask("referrer/name", _("Your name")),
    Ask("referrer/role", _("Your role")),
    Ask("referrer/team", _("Your team")),
    Ask(
        "referrer/email",
        _("Your work e-mail"),
        _("We write there; nothing about the family is in our e-mails."),
        "email",
    ),
    Ask("referrer/phone", _("Your telephone number")),
    Ask("referrer/manager_name", _("Your manager’s name")),
    Ask("referrer/manager_email", _("Your manager’s e-mail"), typed="email"),
    Ask("referrer/away_cover", _("Who can be asked when you are away")),
)
WHEN = (
    Ask("urgency/needed_by", _("By when do you need the report?"), typed="day"),
    Ask("urgency/why_now", _("Why is it needed now?"), typed="words", rows=3),
    Ask("language", _("Language for our letters and documents"), typed="code", codes="language"),
)
LEGAL = (
    Ask("framework", _("Under which law do you ask?"), typed="menu", codes="legal_framework"),
    Ask("stage", _("What stage has it reached?"), typed="code", codes="stage"),
    Ask("court", _("Which court?"), _("Leave it empty when there are no proceedings.")),
    Ask("case_number", _("The court’s case number"), _("Such as MA26C50417."), kinds=NAMED),
    Ask(
        "permission",
        _("Has the court given permission for this assessment?"),
        typed="code",
        codes="permission",
    ),
    Ask("permission_date", _("Date of the permission"), typed="day"),
    Ask("issued_on", _("Date on which proceedings were issued"), typed="day"),
    Ask(
        "filing_date",
        _("Date by which the report is to be filed"),
        _("The date that matters most: we plan backwards from it."),
        "day",
    ),
    Ask("letter_before_proceedings", _("Date of the letter before proceedings"), typed="day"),
    Ask("instruction/joint", _("Is it a single joint instruction?"), typed="yes_no"),
    Ask("instruction/lead_solicitor", _("Lead solicitor")),
)
HEARINGS = Repeat(
    "hearings",
    _("Hearing"),
    (
        Ask("kind", _("Kind of hearing"), typed="menu", codes="hearing_kind"),
        Ask("date", _("Date"), typed="day"),
    ),
    _("Add another hearing"),
)
SHARES = Repeat(
    "instruction/cost_shares",
    _("Share of the cost"),
    (
        Ask("party", _("Who pays")),
        Ask("percent", _("Per cent"), _("All shares together make 100."), "number"),
    ),
    _("Add another share"),
)
CHILD = (
    Ask(
        "name",
        _("Name"),
        _("Full name; initials only in a preliminary enquiry. An unborn child: “Unborn” and the surname."),
    ),
    Ask("known_as", _("Known as")),
    Ask("date_of_birth", _("Date of birth"), typed="day", kinds=NAMED),
    Ask("age", _("Age in years"), typed="number", kinds=("preliminary",)),
    Ask(
        "expected_date_of_delivery",
        _("Expected date of birth"),
        _("Only for a child who is not born yet."),
        "day",
    ),
    Ask("sex", _("Sex"), _("Unknown for an unborn child."), "code", "sex"),
    Ask(
        "ethnicity",
        _("Ethnicity"),
        _(
            "As the child or family describe it. We ask so that the right assessor is found and nobody is treated "
            "less well; choose “not yet obtained” if you have not asked."
        ),
        "menu",
        "ethnicity",
    ),
    Ask("first_language", _("First language")),
    Ask("religion", _("Religion")),
    Ask(
        "disabilities",
        _("Disabilities"),
        _("We ask so that the assessor can prepare, and needs are not missed."),
        "codes",
        "disability",
    ),
    Ask("communication_needs", _("How does the child communicate best?"), typed="words", rows=3),
    Ask("send/need", _("Special educational need"), typed="menu", codes="send_need"),
    Ask("send/ehc_plan", _("Is there an education, health and care plan?"), typed="yes_no"),
    Ask("nhs_number", _("NHS number"), _("Ten digits, such as 999 000 0018."), kinds=NAMED),
    Ask("upn", _("Unique pupil number"), kinds=NAMED),
    Ask("authority_child_id", _("Your own number for the child"), kinds=NAMED),
    Ask("legal_status", _("Legal status"), typed="menu", codes="legal_status"),
    Ask("placement_type", _("Where the child lives now"), typed="menu", codes="placement_type"),
    Ask("school", _("School or nursery"), kinds=NAMED),
    Ask("early_help/had", _("Has there been early help?"), typed="yes_no"),
    Ask("early_help/from", _("Early help from"), typed="day"),
    Ask("early_help/to", _("Early help until"), typed="day"),
    Ask("early_help/end_reason", _("Why it ended"), typed="menu", codes="early_help_end_reason"),
    Ask("early_help/lead", _("Who led it")),
    Ask("child_seen", _("Has the child been seen about this?"), typed="yes_no"),
    Ask("views", _("What the child says or shows about it"), typed="words", rows=3),
)
CHILD_MORE = More(
    _("More that you can add: other names, numbers, plan, placement, school, how early help went"),
    frozenset(
        {
            "known_as",
            "send/ehc_plan",
            "nhs_number",
            "upn",
            "authority_child_id",
            "placement_type",
            "school",
            "early_help/from",
            "early_help/to",
            "early_help/end_reason",
            "early_help/lead",
        }
    ),
)
ADULT = (
    Ask("name", _("Name"), _("Full name; initials only in a preliminary enquiry.")),
    Ask("date_of_birth", _("Date of birth"), typed="day", kinds=NAMED),
    Ask("address/lines", _("Address"), _("One line each."), "lines", kinds=NAMED, rows=3),
    Ask("address/postcode", _("Postcode"), kinds=NAMED),
    Ask(
        "address_withheld",
        _("This address must not become known"),
        _("It is left out of everything but for those who have to know it."),
        "tick",
        kinds=NAMED,
    ),
    Ask("phone", _("Telephone"), kinds=NAMED),
    Ask(
        "safe_contact",
        _("How can they be contacted safely?"),
        _("What must not happen, too."),
        "words",
        rows=3,
    ),
    Ask("needs/interpreter", _("Interpreter"), _("The language and dialect; empty for none.")),
    Ask("needs/learning_disability", _("Learning disability"), typed="code", codes="needs_answer"),
    Ask("needs/mental_health", _("Mental health needs"), typed="code", codes="needs_answer"),
    Ask("needs/literacy", _("Reads and writes with ease"), typed="code", codes="needs_answer"),
    Ask("needs/advocate", _("Has an advocate"), typed="yes_no"),
    Ask("needs/notes", _("What would help them take part"), typed="words", rows=3),
    Ask("solicitor", _("Solicitor"), kinds=NAMED),
)
HOUSEHOLD = (
    Ask("name", _("Name"), _("Initials only in a preliminary enquiry.")),
    Ask("relationship", _("Who they are to the family")),
    Ask("age", _("Age in years"), typed="number"),
)
RELATED = (
    Ask("relationship", _("Is to the child"), typed="menu", codes="relationship"),
    Ask(
        "parental_responsibility",
        _("Has parental responsibility"),
        _("Leave it open when it is not known."),
        "yes_no",
    ),
)
RISK = (
    Ask("level", _("How high is it?"), typed="code", codes="risk_level"),
    Ask("text", _("What is known"), typed="words", rows=4),
    Ask("review_on", _("When is it looked at again?"), typed="day"),
)
BACKGROUND = (
    Ask(
        "background",
        _("What has happened, and what are you worried about?"),
        _("As long as it needs to be."),
        "words",
        rows=16,
    ),
)
PAPER = (
    Ask("role", _("Document"), typed="menu", codes="document_role"),
    Ask("state", _("Do you have it?"), typed="menu", codes="document_state"),
    Ask("note", _("If it is to come, when; if it is not available, why")),
)
PAPERS = Repeat("documents", _("Document"), PAPER, _("Add another document"))
INFORMATION = (
    Ask("family_told", _("Does the family know of this?"), typed="code", codes="family_told"),
    Ask("not_told_why", _("If not, why?"), typed="words", rows=3),
    Ask("taking_part", _("Who has agreed to take part?"), typed="words", rows=3),
    Ask("lawful_basis", _("Lawful basis for sharing"), typed="menu", codes="lawful_basis"),
)
DECLARATION = (
    Ask("authority_to_instruct", _("I may ask for this on behalf of my authority."), typed="tick"),
    Ask("accurate", _("What I have written is accurate as far as I know."), typed="tick"),
    Ask("name", _("Your name")),
)
QUESTIONS = Ask(
    "questions", _("Questions the assessment has to answer"), _("One to a line."), "lines", rows=8
)
