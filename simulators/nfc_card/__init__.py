"""NFC tags and badges for a reader that listens on nfcpy's UDP device. Imports nothing of ours.

`field` is the radio: it speaks the datagrams of nfcpy's `udp:host:port` reader and the anticollision of
ISO/IEC 14443-3 type A. `type2` (NTAG213-like), `type4` (ISO-DEP) and `ntag424` are the cards themselves,
`ndef` what is written on them. A 424 signs each reading and can be personalised: `aes`, `ev2`, `sdm`.
By hand: `python -m simulators.nfc_card --help`.
"""
