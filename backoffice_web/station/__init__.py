"""What enrolment stations ask of the core: a code in, an order out, and the tag that was written."""
