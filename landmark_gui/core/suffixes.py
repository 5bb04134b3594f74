"""How the program's own files end."""

PROJECT_SUFFIX = ".landmarks"
MODEL_SUFFIX = ".landmark-model"
