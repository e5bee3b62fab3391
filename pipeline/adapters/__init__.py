"""Bridges to other tools: spaCy, brat, Label Studio, CoNLL-U, Parquet tables."""
