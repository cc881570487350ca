"""Revisions of the tables. A revision that was released never changes and never imports `tables`."""
