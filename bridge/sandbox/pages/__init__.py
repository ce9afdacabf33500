"""What a person or a test looks at: the demo, the deliveries, the log, and the bundle's files."""
