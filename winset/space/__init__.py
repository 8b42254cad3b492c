"""What is possible: packages as arrays, and who says yes to them."""
