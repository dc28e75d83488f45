"""What a turn of training costs."""
