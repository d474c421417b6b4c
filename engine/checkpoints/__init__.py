"""Signed lists of how far every case has come, kept outside the database, so that it cannot be shortened unseen.

A checkpoint names each case that changed since the one before, with its last entry's number and hash, and the hash of
the checkpoint before. It is two lines of text that a lawyer can read (docs/verification.md has the format).
"""

from engine.checkpoints.checkpoint import Checkpoint
from engine.checkpoints.folder import Folder
from engine.checkpoints.key import create_key, set_up_key
from engine.checkpoints.sealing import make_checkpoint, restore_folder, seal

__all__ = ["Checkpoint", "Folder", "create_key", "make_checkpoint", "restore_folder", "seal", "set_up_key"]
