"""Scores annotated documents against gold files."""
