"""What the outbox tells people: messages, recipients and channels."""
