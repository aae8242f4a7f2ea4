"""The press: a process of its own that lays out our documents, without network, secrets or a database.

`pool` is the side of whoever wants a document; the rest runs in the child, as `python -m reports.press`, and knows
neither Django nor the settings. What passes between the two is text in, bytes out (`wire`).
"""
