"""What lives: device, supervisor, pacer, publisher, link, registry writer."""
