"""From scorecards to text: one module per format, each a `base.Format`."""
