"""Workers (intervenants): who goes to the homes, under which contract, with which skills, when and how.

Contracts, skills and availability are dated rows: every question names a day. A worker's code is drawn at
random, shown once, and kept only as its HMAC.
"""
