"""Every question of the web form, by section. The words of its answers are the code lists'."""

from intake.pages.writing.asks import Ask, More, Repeat

NAMED = ("referral", "instruction")

YOU = (
    Ask(
        "authority_reference", "Your own reference", "So that you can find it: your case number, for example."
    ),
    Ask("referrer/name", "Your name"),
    Ask("referrer/role", "Your role"),
    Ask("referrer/team", "Your team"),
    Ask(
        "referrer/email",
        "Your work e-mail",
        "We write there; nothing about the family is in our e-mails.",
        "email",
    ),
    Ask("referrer/phone", "Your telephone number"),
    Ask("referrer/manager_name", "Your manager’s name"),
    Ask("referrer/manager_email", "Your manager’s e-mail", typed="email"),
    Ask("referrer/away_cover", "Who can be asked when you are away"),
)
WHEN = (
    Ask("urgency/needed_by", "By when do you need the report?", typed="day"),
    Ask("urgency/why_now", "Why is it needed now?", typed="words", rows=3),
    Ask("language", "Language for our letters and documents", typed="code", codes="language"),
)
LEGAL = (
    Ask("framework", "Under which law do you ask?", typed="menu", codes="legal_framework"),
    Ask("stage", "What stage has it reached?", typed="code", codes="stage"),
    Ask("court", "Which court?", "Leave it empty when there are no proceedings."),
    Ask("case_number", "The court’s case number", "Such as MA26C50417.", kinds=NAMED),
    Ask(
        "permission", "Has the court given permission for this assessment?", typed="code", codes="permission"
    ),
    Ask("permission_date", "Date of the permission", typed="day"),
    Ask("issued_on", "Date on which proceedings were issued", typed="day"),
    Ask(
        "filing_date",
        "Date by which the report is to be filed",
        "The date that matters most: we plan backwards from it.",
        "day",
    ),
    Ask("letter_before_proceedings", "Date of the letter before proceedings", typed="day"),
    Ask("instruction/joint", "Is it a single joint instruction?", typed="yes_no"),
    Ask("instruction/lead_solicitor", "Lead solicitor"),
)
HEARINGS = Repeat(
    "hearings",
    "Hearing",
    (Ask("kind", "Kind of hearing", typed="menu", codes="hearing_kind"), Ask("date", "Date", typed="day")),
    "Add another hearing",
)
SHARES = Repeat(
    "instruction/cost_shares",
    "Share of the cost",
    (Ask("party", "Who pays"), Ask("percent", "Per cent", "All shares together make 100.", "number")),
    "Add another share",
)
CHILD = (
    Ask(
        "name",
        "Name",
        "Full name; initials only in a preliminary enquiry. An unborn child: “Unborn” and the surname.",
    ),
    Ask("known_as", "Known as"),
    Ask("date_of_birth", "Date of birth", typed="day", kinds=NAMED),
    Ask("age", "Age in years", typed="number", kinds=("preliminary",)),
    Ask(
        "expected_date_of_delivery", "Expected date of birth", "Only for a child who is not born yet.", "day"
    ),
    Ask("sex", "Sex", "Unknown for an unborn child.", "code", "sex"),
    Ask(
        "ethnicity",
        "Ethnicity",
        "As the child or family describe it. We ask so that the right assessor is found and nobody is treated "
        "less well; choose “not yet obtained” if you have not asked.",
        "menu",
        "ethnicity",
    ),
    Ask("first_language", "First language"),
    Ask("religion", "Religion"),
    Ask(
        "disabilities",
        "Disabilities",
        "We ask so that the assessor can prepare, and needs are not missed.",
        "codes",
        "disability",
    ),
    Ask("communication_needs", "How does the child communicate best?", typed="words", rows=3),
    Ask("send/need", "Special educational need", typed="menu", codes="send_need"),
    Ask("send/ehc_plan", "Is there an education, health and care plan?", typed="yes_no"),
    Ask("nhs_number", "NHS number", "Ten digits, such as 999 000 0018.", kinds=NAMED),
    Ask("upn", "Unique pupil number", kinds=NAMED),
    Ask("authority_child_id", "Your own number for the child", kinds=NAMED),
    Ask("legal_status", "Legal status", typed="menu", codes="legal_status"),
    Ask("placement_type", "Where the child lives now", typed="menu", codes="placement_type"),
    Ask("school", "School or nursery", kinds=NAMED),
    Ask("early_help/had", "Has there been early help?", typed="yes_no"),
    Ask("early_help/from", "Early help from", typed="day"),
    Ask("early_help/to", "Early help until", typed="day"),
    Ask("early_help/end_reason", "Why it ended", typed="menu", codes="early_help_end_reason"),
    Ask("early_help/lead", "Who led it"),
    Ask("child_seen", "Has the child been seen about this?", typed="yes_no"),
    Ask("views", "What the child says or shows about it", typed="words", rows=3),
)
CHILD_MORE = More(
    "More that you can add: other names, numbers, plan, placement, school, how early help went",
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
    Ask("name", "Name", "Full name; initials only in a preliminary enquiry."),
    Ask("date_of_birth", "Date of birth", typed="day", kinds=NAMED),
    Ask("address/lines", "Address", "One line each.", "lines", kinds=NAMED, rows=3),
    Ask("address/postcode", "Postcode", kinds=NAMED),
    Ask(
        "address_withheld",
        "This address must not become known",
        "It is left out of everything but for those who have to know it.",
        "tick",
        kinds=NAMED,
    ),
    Ask("phone", "Telephone", kinds=NAMED),
    Ask("safe_contact", "How can they be contacted safely?", "What must not happen, too.", "words", rows=3),
    Ask("needs/interpreter", "Interpreter", "The language and dialect; empty for none."),
    Ask("needs/learning_disability", "Learning disability", typed="code", codes="needs_answer"),
    Ask("needs/mental_health", "Mental health needs", typed="code", codes="needs_answer"),
    Ask("needs/literacy", "Reads and writes with ease", typed="code", codes="needs_answer"),
    Ask("needs/advocate", "Has an advocate", typed="yes_no"),
    Ask("needs/notes", "What would help them take part", typed="words", rows=3),
    Ask("solicitor", "Solicitor", kinds=NAMED),
)
HOUSEHOLD = (
    Ask("name", "Name", "Initials only in a preliminary enquiry."),
    Ask("relationship", "Who they are to the family"),
    Ask("age", "Age in years", typed="number"),
)
RELATED = (
    Ask("relationship", "Is to the child", typed="menu", codes="relationship"),
    Ask(
        "parental_responsibility",
        "Has parental responsibility",
        "Leave it open when it is not known.",
        "yes_no",
    ),
)
RISK = (
    Ask("level", "How high is it?", typed="code", codes="risk_level"),
    Ask("text", "What is known", typed="words", rows=4),
    Ask("review_on", "When is it looked at again?", typed="day"),
)
BACKGROUND = (
    Ask(
        "background",
        "What has happened, and what are you worried about?",
        "As long as it needs to be.",
        "words",
        rows=16,
    ),
)
PAPER = (
    Ask("role", "Document", typed="menu", codes="document_role"),
    Ask("state", "Do you have it?", typed="menu", codes="document_state"),
    Ask("note", "If it is to come, when; if it is not available, why"),
)
PAPERS = Repeat("documents", "Document", PAPER, "Add another document")
INFORMATION = (
    Ask("family_told", "Does the family know of this?", typed="code", codes="family_told"),
    Ask("not_told_why", "If not, why?", typed="words", rows=3),
    Ask("taking_part", "Who has agreed to take part?", typed="words", rows=3),
    Ask("lawful_basis", "Lawful basis for sharing", typed="menu", codes="lawful_basis"),
)
DECLARATION = (
    Ask("authority_to_instruct", "I may ask for this on behalf of my authority.", typed="tick"),
    Ask("accurate", "What I have written is accurate as far as I know.", typed="tick"),
    Ask("name", "Your name"),
)
QUESTIONS = Ask("questions", "Questions the assessment has to answer", "One to a line.", "lines", rows=8)
