"""What several measurements share: resumable cells, spans of processor time, laws to tell apart."""
