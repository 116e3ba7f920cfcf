"""Who may: host, origin and token of a request, judged before anything else. Read gate first."""
