"""The deed: the only room that sees law, record and store together."""
