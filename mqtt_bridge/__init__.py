"""The channel of boxes and readers: what they say over MQTT becomes a claim, the core's answer goes back.

*Device*: a box at a client's home, or a gateway beside a reader; its name is its user name at the broker.
*Acknowledgement*: the core's answer on the device's own topic. Until it comes the device keeps the punch and
sends it again: the broker's own receipt says nothing about the database.

`wire` is the words on the line (it imports nothing of ours; the gateway uses it too), `claims` turns a
message into a claim, `reception` is what happens to one message, `client` is the MQTT library, `bridge` the
service that joins them.
"""
