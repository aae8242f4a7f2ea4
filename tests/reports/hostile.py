"""Texts that somebody may send us, and what they would do where a text is taken for more than text.

`@URL@` stands for a server that counts who comes, `@FILE@` for a file that nobody is to read.
"""

import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path


def aimed(text: str, url: str, file: Path | str) -> str:
    return text.replace("@URL@", url).replace("@FILE@", str(file))


MARKUP = [
    "<script>fetch('@URL@/a')</script>",
    "<img src='@URL@/b'>",
    '"><img src="@URL@/c" onerror="x">',
    "<link rel=stylesheet href='@URL@/d.css'>",
    "<link rel=attachment href='file://@FILE@'>",
    "<a rel=attachment href='file://@FILE@'>x</a>",
    "<style>@import url('@URL@/e')</style>",
    "</style><style>body{background:url(@URL@/f)}</style>",
    "<svg><image href='@URL@/g'/></svg>",
    "<svg xmlns='http://www.w3.org/2000/svg'><use xlink:href='file://@FILE@'/></svg>",
    "<object data='file://@FILE@'></object>",
    "<embed src='@URL@/h'>",
    "<iframe src='file://@FILE@'></iframe>",
    "<base href='@URL@/'>",
    "<meta http-equiv=refresh content='0;@URL@/i'>",
    "<p style=\"background-image:url('@URL@/j')\">",
    "url(@URL@/k)",
    "@font-face{font-family:x;src:url(@URL@/l)}",
    "</td></tr></table><img src=@URL@/m>",
    "</title><img src=@URL@/n>",
    "--><img src=@URL@/o><!--",
    "<![CDATA[<img src=@URL@/p>]]>",
    "<!DOCTYPE x [<!ENTITY y SYSTEM 'file://@FILE@'>]>&y;",
    "&lt;img src=@URL@/q&gt;",
    "&#60;img src=@URL@/r&#62;",
    "{{ settings.SECRET_KEY }}",
    "{% include 'base.html' %}{% load static %}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "javascript:alert(1)",
    "data:text/html,<img src=@URL@/s>",
    "'; DROP TABLE intake_enquiry; --",
    "content: attr(x) \\22 \\0a counter(page)",
    "/../../etc/passwd file://@FILE@",
    "\\u003cimg src=@URL@/t\\u003e",
    "<math><mtext></p><img src=@URL@/u>",
    "<input type=image src=@URL@/v>",
    "<video poster='@URL@/w'><source src='@URL@/x'></video>",
    "<body background='@URL@/y'>",
    "<plaintext>",
    "<textarea>",
    "<noscript><img src=@URL@/z></noscript>",
]

# Elements that load, run, link or hide something, each with what makes it do so.
ELEMENTS = (
    "a href", "applet code", "area href", "audio src", "blockquote cite", "button formaction", "command icon",
    "embed src", "form action", "frame src", "html manifest", "iframe src", "iframe srcdoc", "image href",
    "img longdesc", "img src", "img srcset", "input src", "ins cite", "link href", "object classid", "object data",
    "q cite", "script src", "source src", "source srcset", "table background", "td background", "track src",
    "video poster", "video src", "feImage href", "use href", "use xlink:href", "animate href", "set href",
    "pattern href", "linearGradient xlink:href", "foreignObject href", "mpath href", "textPath href",
    "tref xlink:href", "xi:include href", "body onload",
)  # fmt: skip
SCHEMES = ("@URL@/e", "file://@FILE@", "//@URL@/e")
RELATIONS = (
    "attachment",
    "stylesheet",
    "icon",
    "preload",
    "import",
    "prefetch",
    "manifest",
    "alternate stylesheet",
)
RULES = (
    "background: url(@URL@/c)", "list-style-image: url(@URL@/c)", "content: url(@URL@/c)",
    "cursor: url(@URL@/c), auto", "border-image: url(@URL@/c) 1", "mask: url(@URL@/c)", "filter: url(@URL@/c#f)",
    "clip-path: url(@URL@/c#f)", "behavior: url(@URL@/c)", "-moz-binding: url(@URL@/c)",
    "shape-outside: url(@URL@/c)", "width: expression(alert(1))", "background-image: image-set('@URL@/c' 1x)",
    "content: attr(title url)", "font-family: x; src: url(@URL@/c)", "display: none", "color: transparent",
    "position: absolute; left: -9999px", "font-size: 0", "visibility: hidden", "page: hidden",
    "string-set: reference 'other'", "bookmark-label: 'x'", "-weasy-link: url(@URL@/c)", "float: footnote",
)  # fmt: skip
SHEETS = (
    "@import '@URL@/s';", "@import url(file://@FILE@);", "@font-face { font-family: Desk; src: url(@URL@/s) }",
    "@namespace svg url(@URL@/s);", "@page { @top-center { content: 'PUBLIC' } }", "@page { size: 1mm }",
    "* { display: none !important }", ":root { --x: url(@URL@/s) }", "@media print { body { display: none } }",
    "@charset 'utf-7';", "@supports (display: grid) { * { background: url(@URL@/s) } }",
    "<!-- @import '@URL@/s' -->",
)  # fmt: skip
ADDRESSES = (
    "javascript:alert(document.domain)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "vbscript:msgbox(1)",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==", "data:image/svg+xml,<svg onload=alert(1)>",
    "data:application/pdf;base64,JVBERi0xLjQK", "file:///etc/passwd", "file://localhost/proc/self/environ",
    "http://169.254.169.254/latest/meta-data/", "http://[::1]:80/", "http://0x7f000001/", "http://2130706433/",
    "gopher://127.0.0.1:6379/_FLUSHALL", "dict://127.0.0.1:11211/stat", "ldap://127.0.0.1/x", "ftp://127.0.0.1/x",
    "jar:@URL@/x!/y", "php://filter/read=convert.base64-encode/resource=index", "\\\\127.0.0.1\\share\\x",
    "mailto:a@b.example", "tel:999", "cid:x", "blob:@URL@/x", "view-source:@URL@/x", "about:blank",
    "chrome://settings", "res://x", "urn:x:y",
)  # fmt: skip
MEANT_FOR_OTHERS = (
    "{{ 7*7 }}", "{{ settings.DATABASES }}", "{% debug %}", "{% load static %}{% static 'x' %}", "{# hidden #}",
    "{% now 'Y' %}", "{{ block.super }}", "{{ request.user.password }}", "{% extends 'base.html' %}",
    "{% csrf_token %}", "{{ ''.__class__.__mro__ }}", "{{ x|safe }}", "{% autoescape off %}<b>{% endautoescape %}",
    "${jndi:ldap://127.0.0.1/x}", "%s %d %n %x", "%(name)s", "{0} {} {name!r} {name.__class__}", "$name ${name}",
    "#{name}", "<%= name %>", "<?php echo 1 ?>", "' OR '1'='1", "1; DROP TABLE intake_enquiry",
    "') UNION SELECT password FROM intake_user --", "admin'--", "\"; --",
    "x' AND 1=(SELECT COUNT(*) FROM tabname); --", "$(touch /tmp/x)", "`touch /tmp/x`", "; rm -rf / #",
    "| cat /etc/passwd", "&& sleep 9", "=cmd|'/C calc'!A0", "=HYPERLINK(\"@URL@/x\")", "+1+1", "-2+3", "@SUM(1+1)",
    "../../../../etc/passwd", "..\\..\\windows\\win.ini", "con.txt", "aux", "NUL", "%00", "%0d%0aSet-Cookie: x=y",
    "null", "None", "undefined", "NaN", "Infinity", "-1", "0", "1e309", "0x10", "1,000", "True", "[]", "{}", "()",
    "\\", "\\\\", "\\n\\r\\t", "\\u0000", "&amp;amp;", "&nbsp;&shy;&zwj;&lrm;", "&#0;", "&#x202e;", "&#xD800;",
    "&notanentity;", "&lt", "&", "<", ">", "\"", "'", "<>", "</>", "<!", "<!-->", "<!--", "]]>", "<![CDATA[",
    "<?xml version='1.0'?>", "/*", "*/", "//", "}", "}}", "%}", "#}", "MARKING", "endobj", "endstream", "%%EOF",
    "/OpenAction << /S /JavaScript >>", "(unbalanced", "\\)", "<</Type/Catalog>>", "BT (x) Tj ET",
)  # fmt: skip
FOREIGN = (
    "Ŵŷ Łódź Ελλάδα Їжак", "עברית ושלום", "العربية والسلام", "مرحبا Ann 123 שלום", "汉字とかな한글",
    "हिन्दी বাংলা தமிழ்", "ไทย ລາວ ខ្មែរ", "👶🏽👩‍👩‍👧‍👦🏴󠁧󠁢󠁷󠁬󠁳󠁿🇬🇧", "ﷺ ﬁ ﬀ ǅ ß ẞ İ ı",
    "１２３ ＡＢＣ ＜ｓｃｒｉｐｔ＞", "H̷̛̟ę̸ ̶c̶o̴m̷e̶s̵", "a\u0301\u0323\u0308b", "e" + "\u0301" * 60,
    "𝕋𝕙𝕖 𝓺𝓾𝓲𝓬𝓴 𝖇𝖗𝖔𝖜𝖓", "раураl аррӏе", "ｔｅｓｔ．ｅｘａｍｐｌｅ", "½ ⅓ ² ₂ № ™ ℡ ㎏", "‘ ’ “ ” « » – — … ‐ ‑",
    "¿¡§¶†‡•", "→←↑↓⇒∀∃∅∈√∞≠≤≥",
)  # fmt: skip
# By themselves they show nothing, or change what is around them.
UNSEEN = (
    *range(0x00, 0x20), *range(0x7F, 0xA1), 0xAD, 0x034F, 0x061C, 0x115F, 0x17B4, 0x180E, *range(0x2000, 0x2010),
    *range(0x2028, 0x2030), 0x205F, *range(0x2060, 0x2070), 0x3000, 0x3164, 0xFE00, 0xFE0F, 0xFEFF, 0xFFA0,
    *range(0xFFF0, 0xFFFE), 0xFFFE, 0xFFFF, 0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xE000, 0x1D173, 0x1FFFE, 0xE0001, 0xE0041,
    0xF0000, sys.maxunicode,
)  # fmt: skip


def texts() -> list[str]:
    """All of them, each once."""
    return list(dict.fromkeys(every()))


def every() -> Iterator[str]:
    yield from MARKUP
    for element in ELEMENTS:
        name, attribute = element.split()
        for scheme in SCHEMES:
            yield f'<{name} {attribute}="{scheme}">x</{name}>'
    yield from (f"<link rel='{rel}' href='{scheme}'>" for rel in RELATIONS for scheme in SCHEMES[:2])
    yield from (f'"><p style="{rule}">x</p>' for rule in RULES)
    yield from (f"</style><style>{sheet}</style>" for sheet in SHEETS)
    yield from ADDRESSES
    yield from (f'<a href="{address}">x</a>' for address in ADDRESSES)
    yield from MEANT_FOR_OTHERS
    yield from FOREIGN
    yield from (f"safe{chr(code)}text" for code in UNSEEN)
    yield "x" * 5000
    yield "ab-" * 2000
    yield "\u202e" + "<img src=@URL@/r>" + "\u202c"


def monsters() -> dict[str, str]:
    """What is too much of something; each prints, or fails in a sentence, within its time and memory."""
    marks = [chr(code) for code in range(0x0300, 0x0370) if unicodedata.combining(chr(code))]
    return {
        "1,000,000 characters": "Some words. " * 83_334,
        "450,000 characters": "Some words. " * 37_500,
        "40,000 characters": "Some words. " * 3_334,
        "one word of 200,000": "x" * 200_000,
        "one word of 200,000 in signs": "<&\"'>" * 40_000,
        "5,000 tags that look nested": "<div>" * 5_000 + "x" + "</div>" * 5_000,
        "50,000 lines": "x\n" * 50_000,
        "50,000 empty lines": "\n" * 50_000,
        "20,000 combining marks": "e" + "".join(marks[n % len(marks)] for n in range(20_000)),
        "20,000 marks on 2,000 letters": ("e" + "".join(marks[:10])) * 2_000,
        "40,000 characters that are spelled out": "\x07" * 40_000,
        "100,000 spaces": " " * 100_000,
        "100,000 zero-width spaces": "\u200b" * 100_000,
        "30,000 turns of direction": "a\u05d0" * 30_000,
        "20,000 tabs": "\t" * 20_000,
    }
