"""The pytest side: options, the run inside the run, nodes, and what is recorded of them."""
