"""What an audit rests on: who had a part, which cases are drawn, what the record says of compliance. No database."""
