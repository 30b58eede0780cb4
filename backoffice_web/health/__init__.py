"""Whether this program serves, for supervisors and the front."""
