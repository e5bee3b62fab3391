"""Measurements. They run for long and need a quiet machine, so they are commands, not tests."""
