"""Looks a deployment over and says what is wrong with it and how to mend it: `flask --app registry doctor`."""
