"""The sources: each makes punches on one channel, and writes down what it sends and what it is told."""
