"""What every page shares: the base page, the macros, the vocabulary of statuses, French formats."""
