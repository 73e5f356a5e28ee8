"""The criteria products are judged by: dated editions, and the pure functions that read them."""
