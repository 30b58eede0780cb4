"""The program beside an NFC reader: each tap is kept on disk, then sent until the core has acknowledged it.

A worker's *badge* is named by its uid, a home's *tag* by the token in the URL that is written on it. The
reader signals a tap only once it is in the spool. Knows nothing of ours but `mqtt_bridge.wire` and `spool`.

`reader` is nfcpy, `taps` turns a card into a punch, `courier` decides what to send and when, `link` is the
MQTT library, `health` tells how it all goes, `gateway` joins them, `main` starts them.

`station` is a program apart that writes tags: `personalising` gives a chip its keys, in a session of `ev2`.
"""
