"""The fault harness: it sees planted bugs, and a short run of the product itself ends clean."""
