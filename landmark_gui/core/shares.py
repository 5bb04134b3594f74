"""Shares from 0 to 1 in words."""


def percent(share: float) -> str:
    """A share, as "93%". What is not quite certain is not called 100%."""
    return "99%" if 0.99 < share < 0.9995 else f"{share:.0%}"
