"""A home's code device: reads the address of a provisioning QR code and shows eight digits every 30 seconds.

Written from RFC 6238 alone, with a clock that may be wrong: it shares nothing with the product.
"""
