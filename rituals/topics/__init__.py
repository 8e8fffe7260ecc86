"""What the two want to talk about, kept between them."""
