"""Training of what the stages ship as weights."""
