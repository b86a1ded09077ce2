"""Fixtures that several test modules share."""

pytest_plugins = ["browser_fixtures", "course_fixtures", "javascript", "site_fixtures"]
