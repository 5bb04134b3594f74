"""The window: pages that show a document and send it edits."""
