"""The command line: reads arguments and the environment, prints, and ends with an exit code. No rule lives here."""
