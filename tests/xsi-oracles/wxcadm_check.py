"""Listens to the sandbox Xsi through a foreign client, wxcadm, as if the sandbox were its real server.

Takes one JSON object on standard input: host (with port), user, token. Prints `ok subscribed` when it listens, then
`event KIND` for each event, and ends after the first CallReleasedEvent; with 1 when nothing comes for ten seconds.
"""

import json
import queue
import sys
import types

import srvlookup
import wxcadm
from wxcadm.person import Person
from wxcadm.xsi import XSIEvents

given = json.loads(sys.stdin.readline())
host, user = given["host"], given["user"]

# The sandbox has no name server: the client is told the one host that it would have found.
srvlookup.lookup = lambda *_: [types.SimpleNamespace(host=host)]

organisation = types.SimpleNamespace(
    _headers={"Authorization": f"Bearer {given['token']}"},
    spark_id="sandbox/sandbox",
    xsi={
        "events_endpoint": f"http://{host}/com.broadsoft.xsi-events",
        "events_channel_endpoint": f"http://{host}/com.broadsoft.async/com.broadsoft.xsi-events",
        "xsi_domain": host,
    },
)


class Agent(Person):
    """Somebody whom no Webex knows: the last part of the id is all that the client uses."""

    spark_id = f"person/{user}"

    def __init__(self):
        pass


person = Agent()

events = queue.Queue()
channels = XSIEvents(organisation).open_channel(events)
if not channels.subscribe("Advanced Call", person=person):
    sys.exit("the subscription was refused")
print("ok subscribed", flush=True)
while True:
    try:
        event = events.get(timeout=10)["xsi:Event"]
    except queue.Empty:
        sys.exit("nothing came any more")
    kind = event["xsi:eventData"]["@xsi1:type"].removeprefix("xsi:")
    print("event", kind, flush=True)
    if kind == "CallReleasedEvent":
        channels.close()
        sys.exit(0)
