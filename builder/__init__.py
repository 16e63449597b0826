"""The build: configuration -> bundle -> render -> measure -> dist/. Entered through build.py."""

import os

# Looking for plugins in every installed package would be a tenth of the time of a build.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
