"""Files that a user wrote: read as a whole, or one sentence on why not. Read text_file first."""
