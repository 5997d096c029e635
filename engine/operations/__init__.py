"""What operators do with running instances: each verb takes a reason, leaves an event and has a preview in words."""
