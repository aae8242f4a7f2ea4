"""The two ways that the work hangs on, as people go them: a referrer's first enquiry, a coordinator's offer of it."""

from datetime import date
from pathlib import Path

from intake.models import User
from tests.browser.hands import Mouse
from tests.factories import PASSWORD, in_days

SGO = "Special guardianship assessment and report"
BACKGROUND = (
    "The children have lived with their grandmother since their mother died in May. Their father is not in "
    "touch. She asks for special guardianship of both, and the family supports it."
)


def sign_in(hands: Mouse, user: User) -> None:
    hands.fill("E-mail address", user.email)
    hands.fill("Password", PASSWORD)
    hands.press("Sign in")


def write_special_guardianship(hands: Mouse, file: Path) -> None:
    """From the start page to the confirmation: two siblings, their grandmother, a letter."""
    begin(hands)
    name_children(hands)
    name_grandmother(hands)
    name_household(hands)
    say_what_for(hands)
    say_the_rest(hands)
    attach(hands, file)
    send(hands)


def begin(hands: Mouse) -> None:
    hands.follow("Start a new enquiry")
    hands.choose("Is a child in immediate danger now?", "No")
    hands.press("Continue")
    hands.choose("What kind of enquiry is it?", "Referral")
    hands.fill("Your own reference", "OLD-2026-77")
    hands.choose("Which assessments?", SGO)
    hands.press("Save and continue")
    hands.follow("About you")
    hands.fill("Your role", "Social worker")
    hands.fill("Your team", "Permanence")
    hands.fill("Your telephone number", "0161 496 0120")
    hands.fill("Who can be asked when you are away", "Duty desk, 0161 496 0100")
    hands.press("Save and continue")


def name_children(hands: Mouse) -> None:
    hands.follow("The children")
    name_child(hands, "Ada Fenn", date(2019, 2, 3), "Female")
    hands.follow("Add another child")
    name_child(hands, "Bo Fenn", date(2022, 4, 9), "Male")
    hands.follow("Continue")


def name_child(hands: Mouse, name: str, born: date, sex: str) -> None:
    hands.fill("Name", name)
    hands.day("Date of birth", born)
    hands.choose("Sex", sex)
    hands.pick("Ethnicity", "White British")
    hands.fill("First language", "English")
    hands.fill("Religion", "None")
    hands.choose("Disabilities", "No disability")
    hands.choose("Has there been early help?", "No")
    hands.press("Save and continue")


def name_grandmother(hands: Mouse) -> None:
    hands.follow("The adults")
    hands.fill("Name", "Cleo Fenn")
    hands.day("Date of birth", date(1966, 1, 2))
    hands.fill("Telephone", "0161 496 0121")
    hands.choose("Learning disability", "No")
    for child in ("To Ada Fenn", "To Bo Fenn"):
        one = hands.group(child)
        one.pick("Is to the child", "Maternal grandmother")
        one.choose("Has parental responsibility", "No")
    hands.press("Save and continue")
    hands.follow("Continue")


def name_household(hands: Mouse) -> None:
    hands.follow("The household")
    hands.fill("Name", "Dov Fenn")
    hands.fill("Who they are to the family", "Grandfather")
    hands.fill("Age in years", "61")
    hands.press("Save and continue")
    hands.follow("Continue")


def say_what_for(hands: Mouse) -> None:
    hands.follow("What you ask for")
    hands.follow(SGO)
    hands.choose("Which adults is it about?", "Cleo Fenn")
    hands.fill("Questions the assessment has to answer", "Can she care for both until they are grown up?")
    hands.fill("Checks done so far", "DBS enhanced, October.")
    hands.fill("Author of the support plan", "Our permanence team.")
    hands.fill("Outcome of the viability assessment", "Positive.")
    hands.press("Save and continue")
    hands.day("By when do you need the report?", in_days(120))
    hands.fill("Why is it needed now?", "The application is to be made before the summer.")
    hands.press("Save and continue")


def say_the_rest(hands: Mouse) -> None:
    hands.follow("Risks")
    child = hands.group("Risk to the child")
    child.choose("How high is it?", "Low")
    child.fill("What is known", "They grieve; school supports them.")
    child.day("When is it looked at again?", in_days(60))
    hands.group("Risk to the worker").choose("How high is it?", "None known")
    hands.group("Safety of contact").choose("How high is it?", "None known")
    hands.press("Save and continue")
    hands.follow("Background")
    hands.fill("What has happened, and what are you worried about?", BACKGROUND)
    hands.press("Save and continue")
    hands.follow("Information and taking part")
    hands.choose("Does the family know of this?", "Yes, the family knows")
    hands.fill("Who has agreed to take part?", "The grandparents.")
    hands.pick("Lawful basis for sharing", "Public task")
    hands.press("Save and continue")


def attach(hands: Mouse, file: Path) -> None:
    hands.follow("Attach a file")
    hands.pick("What is it?", "Court order")
    hands.attach("File", file)
    hands.press("Attach")


def send(hands: Mouse) -> None:
    hands.follow("Check your answers and send")
    hands.tick("I may ask for this on behalf of my authority.")
    hands.tick("What I have written is accurate as far as I know.")
    hands.press("Send the enquiry")


def offer_it(hands: Mouse) -> None:
    """From the coordinator's desk to an offer: the next enquiry, the decision, the service that fits best."""
    hands.press("Next enquiry")
    hands.follow("Accept")
    hands.fill("Why do we accept it?", "A grandmother with the family behind her; within our skills.")
    hands.choose("Is there a conflict of interest?", "None known")
    hands.fill("Conflict-of-interest statement", "Nobody of ours knows the family.")
    hands.press("Accept")
    hands.told("Accepted")
    hands.follow(f"Offer to a service ({SGO})")
    hands.choose_first("Which service?")
    hands.press("Offer to a service")
