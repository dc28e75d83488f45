"""The codecs between encoded points and the form the data came in."""
