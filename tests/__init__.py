"""What proves the tag, its build and its fixture server."""

from ready import require

require("aiohttp", "playwright", "pytest", "selenium")
