"""What a post says, read from its text: place, signs, style, emotion, identity, people; no counter is known here."""
