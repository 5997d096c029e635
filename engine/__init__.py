"""The process engine: verbs on instances, tasks, records and jobs, each one transaction."""
