"""Figures: what is counted, from the history; by whom it may be read; what it says. Decision 0042."""
