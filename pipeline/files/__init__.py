"""Reading articles and writing documents."""
