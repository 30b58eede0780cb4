"""The servers and how they run: configuration templates, root filesystem (no Docker needed), compose."""
