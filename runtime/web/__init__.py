"""What is reached over HTTP: webhooks, health, and the pages."""
