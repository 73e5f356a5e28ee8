"""The completeness check of the club office: routes under /intake."""
