"""The verifier's own Ed25519 says what RFC 8032 and the library say."""

import random

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from engine.history import ed25519, signing

# RFC 8032, section 7.1: secret key, public key, message, signature.
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("secret", "public", "message", "signature"), VECTORS)
def test_the_vectors_of_the_standard(secret: str, public: str, message: str, signature: str) -> None:
    key = signing.SigningKey(secret)
    told = bytes.fromhex(message)
    assert key.public == public
    assert key.sign(told) == signature
    assert ed25519.signature_holds(bytes.fromhex(public), told, bytes.fromhex(signature))
    assert not ed25519.signature_holds(bytes.fromhex(public), told + b"!", bytes.fromhex(signature))


def test_it_agrees_with_the_library_about_right_and_damaged_signatures() -> None:
    chance = random.Random(8032)
    right = 0
    for turn in range(120):
        private = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
        message = chance.randbytes(chance.randrange(100))
        parts = [
            bytearray(private.public_key().public_bytes_raw()),
            bytearray(message),
            bytearray(private.sign(message)),
        ]
        if turn % 3:
            hurt = chance.choice([part for part in parts if part])
            hurt[chance.randrange(len(hurt))] ^= 1 << chance.randrange(8)
        public, told, signature = map(bytes, parts)
        found = ed25519.signature_holds(public, told, signature)
        assert found == by_library(public, told, signature)
        right += found
    assert right == 40


def by_library(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@pytest.mark.parametrize(
    ("public", "signature"),
    [
        (b"", b"\0" * 64),
        (b"\1" + b"\0" * 31, b"\0" * 63),
        (b"\xff" * 32, b"\0" * 64),  # y beyond the prime
        (b"\2" + b"\0" * 31, b"\0" * 64),  # no point has that y
        (b"\1" + b"\0" * 30 + b"\x80", b"\0" * 64),  # x is 0, which has no odd twin
    ],
)
def test_what_is_no_key_signs_nothing(public: bytes, signature: bytes) -> None:
    assert not ed25519.signature_holds(public, b"", signature)


def test_a_signature_has_one_spelling_only() -> None:
    """S plus the order of the group verifies under the bare equation; it is refused."""
    _, public, message, signature = VECTORS[1]
    s = int.from_bytes(bytes.fromhex(signature)[32:], "little") + ed25519.ORDER
    twin = bytes.fromhex(signature)[:32] + s.to_bytes(32, "little")
    assert not ed25519.signature_holds(bytes.fromhex(public), bytes.fromhex(message), twin)


def test_the_seed_is_in_no_text_of_the_key() -> None:
    key = signing.derived("a secret")
    assert key.seed not in f"{key!r} {key}"
    assert key.id in repr(key)
