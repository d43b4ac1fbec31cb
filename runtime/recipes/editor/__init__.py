"""What an editor knows of recipes: the schema that completes and explains them."""
