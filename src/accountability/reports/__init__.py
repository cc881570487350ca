"""What analysts read: figures counted from the record."""
