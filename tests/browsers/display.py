"""A screen that nobody sees: one X server, for browsers that cannot do without a display."""

import os
import shutil
import subprocess
from functools import cached_property


class Display:
    """Starts when its name is first asked for, and ends with `close`."""

    def __init__(self) -> None:
        """Nothing runs yet."""
        self._server: subprocess.Popen[bytes] | None = None

    @cached_property
    def name(self) -> str:
        """The display, such as ":3": a free one, which the X server picks itself.

        Raises:
            FileNotFoundError: There is no Xvfb.
        """
        program = shutil.which("Xvfb")
        if program is None:
            raise FileNotFoundError("Xvfb is missing; on Debian install xvfb")
        ours, its = os.pipe()
        command = [program, "-displayfd", str(its), "-screen", "0", "1280x900x24"]
        self._server = subprocess.Popen(  # noqa: S603 - found above
            [*command, "-nolisten", "tcp", "-noreset"], pass_fds=[its], stderr=subprocess.DEVNULL
        )
        os.close(its)
        with os.fdopen(ours) as told:
            return f":{told.readline().strip()}"

    def close(self) -> None:
        """End the X server."""
        if self._server:
            self._server.terminate()
            self._server.wait()
