"""The pages of staff: signing in, one's own account, notices, and the administration of accounts."""
