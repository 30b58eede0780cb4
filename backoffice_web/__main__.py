"""`python -m backoffice_web` serves the back office."""

from backoffice_web.main import main

main()
