"""Time as the law counts it: durations and allowances."""
