"""The domain: projects, boxes, crops, splits and augmentation. No Qt, no TensorFlow."""
