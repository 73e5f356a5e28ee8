"""The read API of the products as people write it with Django REST framework; runs in an environment of its own."""
