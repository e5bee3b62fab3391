"""Shows annotated documents."""
