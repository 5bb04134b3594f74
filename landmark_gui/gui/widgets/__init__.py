"""Small building blocks that several pages share."""
