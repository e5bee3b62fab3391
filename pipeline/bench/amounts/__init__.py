"""Values and spans of amounts on published test sets; `python -m pipeline.bench.amounts --help`.

One file a set holds the mapping from its conventions to ours; `case` holds what they share.
"""
