"""What families are made of: thermostats, programmes, lamps, shifts and lines.

Each file is one part, to be read by itself. Knows site and numbers; families know it.
"""
