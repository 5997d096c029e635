"""The pages: sign-in, inbox, forms, overview and history."""
