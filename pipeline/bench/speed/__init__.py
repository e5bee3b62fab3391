"""What `zhpipe bench` measures: speed beside peers, memory, growth with length, start-up.

One file a measurement; `one_core` is the condition that they share, `texts` what they read,
`report` and `plot` show what was found.
"""
