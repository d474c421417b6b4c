"""Everything verified at once: all cases and acts, and that nothing is missing which a checkpoint has sealed."""

from engine.proof.finding import Finding
from engine.proof.proving import Proof, prove
from engine.proof.sealed import Sealed, read_sealed
from engine.proof.source import Source, own_source

__all__ = ["Finding", "Proof", "Sealed", "Source", "own_source", "prove", "read_sealed"]
