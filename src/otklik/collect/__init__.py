"""From the network to records: one folder a platform, the same file names in each; nothing here knows the store."""
