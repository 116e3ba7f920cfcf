"""The page, for browsers: its document at `/`, its files; and what programs get at `/`."""
