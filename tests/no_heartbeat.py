"""For tests that may take a slow machine some seconds and are not about the tag's heartbeat."""

NO_HEARTBEAT = """<script>
  const patient = setTimeout;
  window.setTimeout = (run, pause, ...given) =>
    pause >= 5000 ? 0 : patient(run, pause, ...given);
</script>"""
"""Before the snippet: where there is no `fetchLater`, the dwell is told again every 5 seconds."""
