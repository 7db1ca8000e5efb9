"""Keys of desks: private key files, published key sets, and the keyrings that find them again.

A desk has one private key in use and publishes a *set* of public keys, so that an old and a new one are both
good while keys are being changed. `python -m deskwire.keys` makes and changes them.
"""

from deskwire.keys.files import load_private, load_public_set, new_key, rotate, write_pair, write_public_set
from deskwire.keys.model import Identity, Keyring, Party, PrivateKey, PublicKey
from deskwire.keys.rings import FileKeyring, StaticKeyring

__all__ = [
    "FileKeyring",
    "Identity",
    "Keyring",
    "Party",
    "PrivateKey",
    "PublicKey",
    "StaticKeyring",
    "load_private",
    "load_public_set",
    "new_key",
    "rotate",
    "write_pair",
    "write_public_set",
]
