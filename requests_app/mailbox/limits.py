"""What a child process that reads a stranger's bytes may take of the machine."""

import resource


def confine(memory_mb: int) -> None:
    """Take no more memory than this, and write no file."""
    limit = memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
