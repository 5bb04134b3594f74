"""The guide beside the pages: the way to a first model, ticked by what the person has done."""
