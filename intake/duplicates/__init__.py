"""Possible duplicates and earlier involvement: who may be the same as whom, with the reasons."""

from intake.duplicates.blocks import blocks
from intake.duplicates.families import Band, Family, Score
from intake.duplicates.reader import Match, family_of, of, scored

__all__ = ["Band", "Family", "Match", "Score", "blocks", "family_of", "of", "scored"]
