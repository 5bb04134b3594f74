"""Reading a trained model and asking it: LiteRT only, ready in a blink."""
