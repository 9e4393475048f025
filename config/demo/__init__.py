"""An installation to look round in: accounts, cases of every right in every stage, mail waiting to be sorted.

Everything is done by the product's own services, as people would; only the clock is set back for what lies behind us.
All people are invented.
"""
