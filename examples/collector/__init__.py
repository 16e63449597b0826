"""A reference collector: takes the tag's beacons into SQLite or PostgreSQL, and shows them.

It is small so that it can be read before one of your own is written; docs/collector.md tells what
any collector must do, and `python -m conformance URL` whether it does.
"""

from ready import require

require("aiohttp")
