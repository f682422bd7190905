"""What FollowTheMoney entities mean in our vocabulary: tables as data, and the SQL that applies them."""
