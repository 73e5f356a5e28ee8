"""Appeals against decisions, for the company, the office and those who hear them."""
