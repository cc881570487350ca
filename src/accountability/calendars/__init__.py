"""Time as the law counts it: calendars, allowances, and the clockwork that works a due date out and explains it."""
