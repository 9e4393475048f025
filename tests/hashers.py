"""Argon2 at the lowest price: the real algorithm, without the waiting that makes it strong."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class CheapArgon2PasswordHasher(Argon2PasswordHasher):
    """The product's password hasher with the smallest cost that Argon2 allows."""

    time_cost = 1
    memory_cost = 8  # KiB
    parallelism = 1
