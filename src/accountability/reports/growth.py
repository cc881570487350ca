"""How much a figure has grown, exactly."""

from __future__ import annotations

from decimal import Decimal


def growth(now: int, before: int | None) -> Decimal | None:
    """Compute `(now - before) / before` in per cent.

    Args:
        now: The figure of the period, not negative.
        before: The figure of the earlier period; None where nothing was compared.

    Returns:
        The growth to one decimal, halves rounded away from zero; None (n/a, never 0) without an earlier figure or
        where that was 0.
    """
    if not before:
        return None
    change = now - before
    tenths, rest = divmod(abs(change) * 1000, before)
    if 2 * rest >= before:
        tenths += 1
    return Decimal(tenths if change >= 0 else -tenths).scaleb(-1)
