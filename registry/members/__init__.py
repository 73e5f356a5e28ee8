"""The directory of members and partners: public pages, and the office's upkeep."""
