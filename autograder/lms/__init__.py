"""Learning platforms: rosters, downloads of submissions, and tables of marks."""
