"""The pure step: from a case and an attempt to what should happen, decided from values alone."""
