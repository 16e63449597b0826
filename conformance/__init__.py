"""Whether a collector keeps to the contract: `python -m conformance URL`.

It speaks to a running server over HTTPS as browsers do, and knows nothing of its insides. What a
collector must do stands in docs/collector.md; each check names the section that it holds it to.
"""

from ready import require

require("aiohttp")
