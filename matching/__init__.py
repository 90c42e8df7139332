"""Judgement: an Extraction and the reference records become a MatchResult and a decision."""
