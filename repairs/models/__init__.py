"""A hurt between two people, and every step they take on the way back."""

from repairs.models.repair import ActRefused, Repair, RepairAct

__all__ = ["ActRefused", "Repair", "RepairAct"]
