"""The reviewer's bench, and what the lead reviewer settles: routes under /reviews."""
