"""Where people meet the platform: seekers, those on duty, the wall, and machines."""
