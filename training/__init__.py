"""The model of triage: the texts it is trained on, and what trains it (`make triage-model`)."""
