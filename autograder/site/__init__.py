"""A practice site of static files: explorers, practice and explanations with no server."""
