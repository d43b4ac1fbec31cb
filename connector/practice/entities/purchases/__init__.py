"""What is bought and paid: bills, purchases, orders."""
