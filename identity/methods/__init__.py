"""Ways to show who asks, one file each. All end in `services.proof`: the result is kept, the evidence never."""
