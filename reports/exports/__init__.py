"""Exports: what a table holds, for whom, and how it is written as CSV, XLSX or XML. Decision 0047."""
