"""What a post says, read from its text: place, signs, style, emotion, identity, people; nothing here knows a counter."""
