"""Ed25519 signatures as RFC 8032 tells them (sections 5.1.3, 5.1.4, 5.1.7): slow, without secrets, for verifying alone.

A point of -x² + y² = 1 + dx²y² is (X, Y, Z, T) with x = X/Z, y = Y/Z and xy = T/Z. Like the verifier, of which this
becomes a part when it is handed out (`bundle.the_verifier`), it needs the standard library alone.
"""

from __future__ import annotations

from hashlib import sha512

Point = tuple[int, int, int, int]
PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE_D = -121665 * pow(121666, -1, PRIME) % PRIME
ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)
NEUTRAL: Point = (0, 1, 1, 0)


def signature_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the holder of the public key's secret has signed the message."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, s = point_of(public), int.from_bytes(signature[32:], "little")
    base = point_of((4 * pow(5, -1, PRIME) % PRIME).to_bytes(32, "little"))
    if key is None or base is None or s >= ORDER:
        return False
    k = int.from_bytes(sha512(signature[:32] + public + message).digest(), "little") % ORDER
    x, y, z, t = times(k, key)
    return encoded(plus(times(s, base), (-x, y, z, -t))) == signature[:32]


def point_of(encoding: bytes) -> Point | None:
    """The point that the 32 bytes stand for: y, with the last bit of x on top. None when there is none."""
    y = int.from_bytes(encoding, "little")
    odd, y = y >> 255, y & (1 << 255) - 1
    if y >= PRIME:
        return None
    square = (y * y - 1) * pow(CURVE_D * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * ROOT_OF_MINUS_ONE % PRIME
    if (x * x - square) % PRIME or (x == 0 and odd):
        return None
    if x & 1 != odd:
        x = PRIME - x
    return x, y, 1, x * y % PRIME


def encoded(point: Point) -> bytes:
    x, y, z, _ = point
    inverse = pow(z, -1, PRIME)
    return (y * inverse % PRIME | (x * inverse % PRIME & 1) << 255).to_bytes(32, "little")


def plus(p: Point, q: Point) -> Point:
    """The sum; a point added to itself is doubled by the same formula."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * p[3] * q[3] * CURVE_D, 2 * p[2] * q[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def times(number: int, point: Point) -> Point:
    found = NEUTRAL
    while number:
        if number & 1:
            found = plus(found, point)
        point = plus(point, point)
        number >>= 1
    return found
