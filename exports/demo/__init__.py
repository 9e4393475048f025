"""Invented systems for the first look round: a company website's database, described by a dataset file."""
