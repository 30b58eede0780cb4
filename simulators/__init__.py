"""Everything outside that talks to the product: people, devices, services, and the district they live in."""
