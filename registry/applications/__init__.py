"""The vendor's pages of an application, from the first name of a product to the last answer to the club."""
