"""Scenarios: the workflow authors' own tests, run on the engine itself."""
