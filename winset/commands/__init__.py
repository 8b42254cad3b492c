"""What each command of the command line does, a module each; `cli` parses the words and calls them."""
