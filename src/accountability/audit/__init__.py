"""The record's mathematics: entries, chains, values kept apart, and the verifier. Knows no law and no database."""
