"""The only room that knows SQL: cases, entries, definitions and keys, in SQLite or PostgreSQL."""
