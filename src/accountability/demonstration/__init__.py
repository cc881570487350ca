"""One county's two years, run through the public verbs of the library."""
