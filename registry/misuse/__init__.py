"""Reports that a certificate or the mark is misused: the public form, and the pages of the office."""
