"""The style guide, for whoever builds a screen: every token, status and macro. Demonstrations only."""
