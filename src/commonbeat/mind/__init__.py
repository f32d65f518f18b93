"""What an experience changes in a person: outcomes, kinds of experience, and the rules that link them."""
