"""What the methods reach, beside their papers."""
