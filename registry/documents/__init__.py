"""Documents as PDF: made with one full font, so that every Vietnamese letter is printed as it is written."""
