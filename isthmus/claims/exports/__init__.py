"""Writers of public formats: claims out of the store, as other programs read them."""
