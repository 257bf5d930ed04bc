"""The instructor's view of a term: pages that one computer serves to itself."""
