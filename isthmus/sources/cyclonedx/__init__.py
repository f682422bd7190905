"""CycloneDX bills of materials, 1.2 to 1.7, JSON and XML: what the adapter is made of."""
