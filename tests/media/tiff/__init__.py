"""TIFFs by the extra [tiff]."""
