"""Boxes in the formats of other programs. What each can do is in `registry`."""

TITLES = {
    "csv": "CSV",
    "coco": "COCO",
    "yolo": "YOLO",
    "voc": "Pascal VOC",
    "createml": "Create ML",
    "labelme": "labelme",
    "json": "Landmark GUI (JSON)",
}
"""The formats by their name on the command line, as people call them."""
FOLDERS = ("yolo", "voc", "labelme")
"""Those with a file a photo."""
