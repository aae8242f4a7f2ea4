"""The demonstration: a small world made by the actions, and one enquiry walked through over HTTP."""
