"""The key that signs checkpoints: one file outside the database, readable by the operator alone."""

import os
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from engine.checkpoints.folder import Folder
from engine.errors import N_, Unacceptable
from engine.secrecy import keep_private
from engine.settings import Settings


def key_id(public: str) -> str:
    """The short name of a public key of 64 hex characters."""
    return sha256(bytes.fromhex(public)).hexdigest()[:16]


class SigningKey:
    """A private key, as it is used."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = private.public_key().public_bytes_raw().hex()
        self.id = key_id(self.public)

    def sign(self, text: str) -> str:
        """The signature of a text, in hex."""
        return self._private.sign(text.encode()).hex()


def signed_by(public: str, text: str, signature: str) -> bool:
    """Whether the owner of that public key signed the text."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def key_file(settings: Settings) -> Path:
    """Where the private key is."""
    return settings.checkpoint_key or settings.var / "keys" / "checkpoint.key"


def load_key(settings: Settings) -> SigningKey | None:
    """The private key; None where it is not, on a stick that is not plugged in for example.

    Raises `Unacceptable` for a file that holds another kind of key, or none.
    """
    file = key_file(settings)
    try:
        keep_private(file)
        private = load_pem_private_key(file.read_bytes(), None)
    except FileNotFoundError:
        return None
    except (TypeError, ValueError, UnsupportedAlgorithm) as error:  # also one with a password
        raise Unacceptable(reason=N_("the file of the checkpoint key is damaged; put back the copy of it")) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise Unacceptable(reason=N_("the file of the checkpoint key holds another kind of key"))
    return SigningKey(private)


def create_key(settings: Settings) -> str:
    """Make a new key, add its public part beside the checkpoints, and return its id; never overwrites a key."""
    private = Ed25519PrivateKey.generate()
    file = key_file(settings)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Unacceptable(reason=N_("there is a checkpoint key already; move it away first")) from None
    with os.fdopen(descriptor, "wb") as target:
        target.write(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        target.flush()
        os.fsync(target.fileno())
    key = SigningKey(private)
    Folder.of(settings).add_public_key(key.public)
    return key.id


def set_up_key(settings: Settings) -> str | None:
    """Make the first key of an installation; where there was one before, it is only elsewhere now."""
    if key_file(settings).exists() or Folder.of(settings).public_keys():
        return None
    return create_key(settings)
