"""What is sold and paid: forms of sales, and payments."""
