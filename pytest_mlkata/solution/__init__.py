"""Finding a submission, starting it in a process of its own, and talking to it."""
