"""Real applications of the frameworks that clients use, with the snippet in them: see README.md."""
