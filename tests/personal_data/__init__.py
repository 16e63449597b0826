"""What tells who somebody is, as it stands in addresses, titles, events and forms."""
