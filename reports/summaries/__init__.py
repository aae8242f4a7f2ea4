"""What our documents say, as plain data: put together apart for each audience."""

from reports.summaries.blocks import Paper, Section
from reports.summaries.receipt import Receipt, acknowledgement
from reports.summaries.whole import summary

__all__ = ["Paper", "Receipt", "Section", "acknowledgement", "summary"]
