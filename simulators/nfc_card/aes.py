"""What an NTAG 424 computes, from the AES block upwards (NIST SP 800-38A and B; NXP AN12196)."""

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 16
_REDUCTION = 0x87


def encrypt_block(key: bytes, block: bytes) -> bytes:
    """Encrypt one block."""
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 - one block: CBC and CMAC are below
    return encryptor.update(block) + encryptor.finalize()


def decrypt_block(key: bytes, block: bytes) -> bytes:
    """Decrypt one block."""
    decryptor = Cipher(algorithms.AES(key), modes.ECB()).decryptor()  # noqa: S305
    return decryptor.update(block) + decryptor.finalize()


def encrypt(key: bytes, text: bytes, iv: bytes = bytes(BLOCK)) -> bytes:
    """Encrypt whole blocks, each chained to the one before it (CBC)."""
    out = b""
    for start in range(0, len(text), BLOCK):
        iv = encrypt_block(key, xor(text[start : start + BLOCK], iv))
        out += iv
    return out


def decrypt(key: bytes, text: bytes, iv: bytes = bytes(BLOCK)) -> bytes:
    """Decrypt what `encrypt` encrypted."""
    out = b""
    for start in range(0, len(text), BLOCK):
        block = text[start : start + BLOCK]
        out += xor(decrypt_block(key, block), iv)
        iv = block
    return out


def cmac(key: bytes, text: bytes) -> bytes:
    """Return the CMAC of a text of any length."""
    subkey = _double(encrypt_block(key, bytes(BLOCK)))
    if not text or len(text) % BLOCK:
        subkey = _double(subkey)
        text += b"\x80" + bytes(-(len(text) + 1) % BLOCK)
    last = xor(text[-BLOCK:], subkey)
    return encrypt(key, text[:-BLOCK] + last)[-BLOCK:]


def short_mac(key: bytes, text: bytes) -> bytes:
    """Return the 8 bytes of a CMAC that a 424 sends: every second one."""
    return cmac(key, text)[1::2]


def xor(one: bytes, other: bytes) -> bytes:
    """Add two texts of one length bit by bit."""
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _double(block: bytes) -> bytes:
    shifted = int.from_bytes(block) << 1
    if shifted >> 128:
        shifted = (shifted & (1 << 128) - 1) ^ _REDUCTION
    return shifted.to_bytes(BLOCK)


def sun_message(
    uid: bytes, counter: int, *, meta_key: bytes | None, file_key: bytes, salt: bytes = bytes(5)
) -> str:
    """Return the query that a card writes into its URL: encrypted under `meta_key`, or in clear without."""
    mirrored = uid + counter.to_bytes(3, "little")
    mac = short_mac(cmac(file_key, bytes.fromhex("3CC300010080") + mirrored), b"").hex().upper()
    if meta_key is None:
        return f"uid={uid.hex().upper()}&ctr={counter:06X}&c={mac}"
    return f"e={encrypt(meta_key, b'\xc7' + mirrored + salt).hex().upper()}&c={mac}"
