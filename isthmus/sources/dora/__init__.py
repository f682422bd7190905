"""What the templates of the register of information (Implementing Regulation (EU) 2024/2956) mean in our vocabulary."""
