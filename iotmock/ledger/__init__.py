"""What users do with the fault ledger: take it out, and score a detector with it."""
