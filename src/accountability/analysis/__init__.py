"""Proofs about definitions: everything that can be known about a workflow before a case exists."""
