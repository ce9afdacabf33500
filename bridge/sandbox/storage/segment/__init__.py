"""What Segment keeps: the messages it has seen, and the outbox."""
