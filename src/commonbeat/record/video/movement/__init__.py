"""How much people move, with the camera's motion taken out."""
