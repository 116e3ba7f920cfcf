"""What HTTP itself offers: conditions on a version, links between pages, compression."""
