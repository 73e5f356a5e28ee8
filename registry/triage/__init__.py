"""The office's side of concerns: the board, one concern, opening a contact with a second person, passing it on."""
