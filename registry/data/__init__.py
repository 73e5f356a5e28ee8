"""The whole register to take away: files made by the worker whenever something changed, named by what is in them."""
