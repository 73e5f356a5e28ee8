"""The committee at its work: the queue, the file, proposal and decision."""
