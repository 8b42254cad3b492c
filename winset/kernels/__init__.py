"""Fast and mute: arrays in, arrays out; nothing of winset is known here and inputs stay untouched."""
