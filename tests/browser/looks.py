"""What is looked at on every page: axe's rules, what a keyboard and a narrow window meet, and the outline."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES = {
    "runOnly": {"type": "tag", "values": TAGS},
    # Of WCAG 2.2, which axe leaves out unless it is asked.
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
    "preload": False,
}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 256}

# One h1, levels without a gap (a summary of errors stands above the h1), a title whose words are on the page.
OUTLINE = """() => {
  const faults = [], shown = node => node.checkVisibility() && !node.closest('[role=alert],[role=status]');
  const levels = [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].filter(shown);
  const tops = levels.filter(node => node.tagName === 'H1').length;
  if (tops !== 1) faults.push(`${tops} headings of the first level`);
  levels.reduce((before, node) => {
    const level = Number(node.tagName[1]);
    if (level > before + 1) faults.push(`${node.tagName} “${node.textContent.trim().slice(0, 40)}” after H${before}`);
    return level;
  }, 0);
  const words = text => text.toLowerCase().match(/[\\p{L}\\p{N}-]+/gu) || [];
  const there = new Set(words(document.querySelector('main').textContent));
  const said = words(document.title.replace(/^Error: /, '').replace(/ – Referral Desk$/, ''));
  const lacking = said.filter(word => !there.has(word));
  if (!said.length || lacking.length > said.length / 2)
    faults.push(`the title “${document.title}” says what the page does not`);
  if (!/^(en|cy)/.test(document.documentElement.lang)) faults.push('no language is named');
  return faults;
}"""
# After a press of Tab the browser shows the focus wherever a script sets it.
FOCUS = """() => {
  const faults = [], reached = 'a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex="0"]';
  const first = document.activeElement, summary = document.querySelector('main [role=alert]');
  // With something wrong the summary has the focus already.
  if (!first.matches('a[href="#main"]') && !(summary && summary.contains(first)))
    faults.push(`the first stop of Tab is ${first.outerHTML.slice(0, 80)}`);
  for (const node of document.querySelectorAll(reached)) {
    if (!node.checkVisibility({visibilityProperty: true}) || node.disabled || node.tabIndex < 0) continue;
    node.focus({preventScroll: true});
    if (document.activeElement !== node) continue;
    const styles = [node, ...node.parentElement.querySelectorAll('label'), node.parentElement].map(
      part => getComputedStyle(part));
    const seen = style => (style.outlineStyle !== 'none' && style.outlineWidth !== '0px') || style.boxShadow !== 'none';
    if (!styles.some(seen)) faults.push(`no focus to be seen on ${node.outerHTML.slice(0, 80)}`);
  }
  return faults;
}"""
# What stands out of the window, unless it can be scrolled in a box of its own.
SIDEWAYS = """() => {
  const wide = document.documentElement.scrollWidth, room = document.documentElement.clientWidth;
  if (wide <= room) return [];
  const scrolls = node => node && (/auto|scroll|hidden/.test(getComputedStyle(node).overflowX)
    || scrolls(node.parentElement));
  const out = [...document.querySelectorAll('body *')].filter(
    node => node.getBoundingClientRect().right > room && !scrolls(node.parentElement));
  return [`${wide} pixels wide in ${room}: ` + out.slice(-2).map(node => node.outerHTML.slice(0, 90)).join(' | ')];
}"""

# Stylesheets and scripts together, before compression; and nothing from anywhere else.
MOST_BYTES = 60_000
LOADED = """async most => {
  const got = performance.getEntriesByType('resource').map(one => one.name);
  const faults = got.filter(name => new URL(name).origin !== location.origin).map(name => `from elsewhere: ${name}`);
  const parts = [...document.querySelectorAll('link[rel=stylesheet], script')].map(node => node.href || node.src);
  const weighed = parts.map(async name => (await (await fetch(name)).arrayBuffer()).byteLength);
  const bytes = (await Promise.all(weighed)).reduce((sum, one) => sum + one, 0);
  if (!bytes || bytes >= most) faults.push(`${bytes} bytes of style and script`);
  return faults;
}"""


def faults_of(page: Page) -> list[str]:
    """Everything that is not as it should be, at both widths and in dark colours."""
    found = [*violations(page, RULES), *page.evaluate(OUTLINE), *page.evaluate(LOADED, MOST_BYTES)]
    page.set_viewport_size(NARROW)
    found += page.evaluate(SIDEWAYS)
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {line}" for line in violations(page, COLOURS)]
    page.emulate_media(color_scheme="light")
    return found


def focus_faults(page: Page) -> list[str]:
    page.keyboard.press("Tab")
    found: list[str] = page.evaluate(FOCUS)
    return found


# What came out, each as a line.
BROKEN = """rules => axe.run(rules).then(found => found.violations.flatMap(rule => rule.nodes.slice(0, 3).map(
  node => [rule.id, node.target[0], node.html.slice(0, 120), ...node.any.slice(0, 1).map(why => why.message)].join(' ')
)))"""


def violations(page: Page, rules: dict[str, Any]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(BROKEN, rules)
    return found


# --- The error state: everything that can be filled is emptied, and the form is sent ------------------------------

EMPTIED = """named => {
  const forms = [...document.querySelectorAll(named)];
  const form = forms.sort((one, other) => other.elements.length - one.elements.length)[0];
  for (const field of form.elements) {
    if (['hidden', 'submit', 'button'].includes(field.type)) continue;
    if (['checkbox', 'radio'].includes(field.type)) field.checked = false;
    else if (field.tagName === 'SELECT') field.selectedIndex = -1;
    else field.value = '';
  }
  form.noValidate = true;
  const buttons = [...form.querySelectorAll('button:not([type=button])')];
  (buttons.find(button => button.matches('.first,.grave')) || buttons.pop()).dataset.pressed = 'yes';
}"""


def send_empty(page: Page, form: str = "") -> None:
    """The longest form, or the one that is named."""
    page.evaluate(EMPTIED, "main form[method=post]" + form)
    with page.expect_navigation():
        page.locator("[data-pressed]").click()


def error_faults(page: Page) -> list[str]:
    """The summary is there, has the focus and its links lead to fields; the title begins with the word."""
    found = []
    if not page.locator("main [role=alert]").count():
        return ["sent empty, and no summary says what is wrong"]
    if not page.evaluate("document.activeElement.closest('[role=alert]') !== null"):
        found.append("the summary has not the focus")
    if not page.title().startswith("Error:"):
        found.append(f"the title does not say Error: {page.title()}")
    return found + [
        f"a link of the summary leads nowhere: {name}"
        for name in page.evaluate(
            "[...document.querySelectorAll('main [role=alert] a[href^=\"#\"]')].map(a => a.hash.slice(1))"
            ".filter(id => !document.getElementById(id))"
        )
    ]
