"""The worker's phone: today's visits, one button for the next act, punches that wait for the network.

The page reads; it never records. The phone posts each punch to `/punch`, with its own key and real time.
"""
