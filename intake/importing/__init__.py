"""Files of enquiries: CSV and JSON Lines read into bodies, and the reply that says what became of each row."""
