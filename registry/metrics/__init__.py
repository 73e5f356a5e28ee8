"""What the site says of itself to a machine that watches it, in the text format of Prometheus."""
