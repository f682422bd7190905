"""What the drawings share: lettering, ink, labels and the page, without style sheet, script or outside reference."""
