"""The practice site: static files with explorers, practice and explanations, without a server."""
