"""What a video, a picture or a sound shows and sounds like: read offline, from the file alone."""
