"""The local web application over the results of a run: `zhpipe view`."""
