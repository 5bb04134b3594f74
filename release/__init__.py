"""What makes the program that is handed out; none of it is part of the program."""
