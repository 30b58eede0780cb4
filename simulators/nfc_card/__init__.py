"""NFC tags and badges for a reader that listens on nfcpy's UDP device. Imports nothing of ours.

`field` is the radio: it speaks the datagrams of nfcpy's `udp:host:port` reader and the anticollision of
ISO/IEC 14443-3 type A. `type2` (NTAG213-like) and `type4` (ISO-DEP) are the cards themselves, `ndef` what is
written on them. By hand: `python -m simulators.nfc_card --help`.
"""
