"""A hurt between two people, and every step they take on the way back."""

from repairs.models.act import ActRefused, Particulars, RepairAct
from repairs.models.opening import Door
from repairs.models.repair import Repair

__all__ = ["ActRefused", "Door", "Particulars", "Repair", "RepairAct"]
