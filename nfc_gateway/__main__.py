"""`python -m nfc_gateway`."""

import sys

from nfc_gateway.main import main

sys.exit(main(sys.argv[1:]))
