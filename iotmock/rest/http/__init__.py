"""What HTTP itself offers for any answer: validators, links between pages, compression."""
