"""The tags in the race, one module each. To add one: write it, and name it here."""

from tests.race.peers import (
    amplitude,
    clarity,
    countly,
    mixpanel,
    plausible,
    posthog,
    rudderstack,
    segment,
    snowplow,
    swetrix,
    umami,
    web_vitals,
)
from tests.race.peers.peer import Peer

PEERS: tuple[Peer, ...] = (
    plausible.PEER,
    umami.PEER,
    swetrix.PEER,
    snowplow.PEER,
    clarity.PEER,
    segment.PEER,
    countly.PEER,
    rudderstack.PEER,
    amplitude.PEER,
    mixpanel.PEER,
    posthog.PEER,
    web_vitals.PEER,
)

ABSENT = {
    "GoatCounter": "its count.js is in no npm package of its makers",
    "Matomo": "npm has clients of its server's API (matomo-tracker), not matomo.js",
    "Fathom": "fathom-client from npm loads a script from Fathom's servers",
    "Insights": "insights-js sends to an address of its own that no option changes",
    "Pirsch": "pirsch-sdk from npm counts when told to; the script that counts is not in it",
}
"""Those that one would look for here, and why they are not."""
