"""The dossier of a case: one ZIP that stands alone, and can be checked without Alur, a server or a network."""

from engine.dossier.checkpoints import signed_checkpoints
from engine.dossier.material import Dossier, Enclosure, read_dossier
from engine.dossier.package import pack

__all__ = ["Dossier", "Enclosure", "pack", "read_dossier", "signed_checkpoints"]
